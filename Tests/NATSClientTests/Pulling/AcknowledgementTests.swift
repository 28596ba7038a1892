import NATSClient
import NATSTestSupport
import TestSupport
import Testing

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct AcknowledgementTests {
    @Test func `A confirmed ack has taken the job out of the work queue`() async throws {
        try await WorkQueue.with { queue in
            try await queue.store(600)
            let pull = WatchedPull(queue)
            try await pull.running {
                let deliveries = try await pull.first(600)
                try await queue.connection.acknowledge(deliveries[0].ack, timeout: .seconds(5))
                #expect(try await queue.count() == 599)
                #expect(try await queue.jetStream.message(in: "JOBS", sequence: 1) == nil)
                let confirmed = Watched<Int>(0)
                for delivery in deliveries.dropFirst() {
                    queue.connection.acknowledge(delivery.ack, timeout: .seconds(20)) { result in
                        if case .success = result { confirmed.update { $0 += 1 } }
                    }
                }
                _ = try await confirmed.first(what: "the confirmations") { $0 == 599 ? $0 : nil }
                #expect(try await queue.count() == 0)
            }
        }
    }

    @Test func `An ack to a consumer that is gone is told at once`() async throws {
        try await WorkQueue.with { queue in
            try await queue.store(1)
            let pull = WatchedPull(queue)
            try await pull.running { _ = try await pull.first(1) }
            #expect(try await queue.jetStream.deleteConsumer(named: "worker", of: "JOBS"))
            let error = await #expect(throws: NATSError.self) {
                try await queue.connection.acknowledge(pull.deliveries.current[0].ack, timeout: .seconds(30))
            }
            #expect(error?.code == .noResponders)
            #expect(try await queue.count() == 1)
        }
    }

    @Test func `A consumer made anew delivers unacked jobs again, and a late ack still settles one`() async throws {
        try await WorkQueue.with { queue in
            try await queue.store(3)
            let first = WatchedPull(queue)
            try await first.running { _ = try await first.first(3) }
            #expect(try await queue.jetStream.deleteConsumer(named: "worker", of: "JOBS"))
            try await queue.makeConsumer()
            let second = WatchedPull(queue)
            try await second.running {
                #expect(try await second.numbers(3) == [1, 2, 3])
                #expect(second.deliveries.current.map(\.ack.deliveries) == [1, 1, 1])
                try await queue.connection.acknowledge(first.deliveries.current[1].ack, timeout: .seconds(5))
                #expect(try await queue.jetStream.message(in: "JOBS", sequence: 2) == nil)
                #expect(try await queue.count() == 2)
            }
        }
    }

    @Test func `A delivery that is extended does not come again, as one that is not does`() async throws {
        try await WorkQueue.with(ackWait: .seconds(1)) { queue in
            try await queue.store(2)
            let pull = WatchedPull(queue)
            try await pull.running {
                let held = try await pull.first(2)[0].ack
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        while !Task.isCancelled {
                            queue.connection.extend([held])
                            try? await Task.sleep(for: .milliseconds(20))
                        }
                    }
                    _ = try await pull.deliveries.first(what: "two more deliveries of the second job") { deliveries in
                        deliveries.contains { $0.ack.streamSequence == 2 && $0.ack.deliveries == 3 } ? true : nil
                    }
                    group.cancelAll()
                    try await group.waitForAll()
                }
                #expect(pull.deliveries.current.filter { $0.ack.streamSequence == 1 }.count == 1)
            }
        }
    }
}
