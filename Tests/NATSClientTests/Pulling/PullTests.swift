import NATSClient
import NATSTestSupport
import TestSupport
import Testing

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct PullTests {
    @Test func `Stored jobs come in their order, batch after batch, each once`() async throws {
        try await WorkQueue.with { queue in
            try await queue.store(1700)
            let pull = WatchedPull(queue)
            try await pull.running {
                #expect(try await pull.numbers(1700) == Array(1...1700))
                try await queue.store(300, from: 1701)
                #expect(try await pull.numbers(2000) == Array(1...2000))
            }
            let last = try #require(pull.deliveries.current.last)
            #expect(last.ack.stream == "JOBS")
            #expect(last.ack.consumer == "worker")
            #expect(last.ack.deliveries == 1)
            #expect(last.ack.streamSequence == 2000)
            #expect(last.ack.pending == 0)
            #expect(last.message.subject == "jobs.a")
            #expect(last.message.reply == last.ack.text)
            let stored = try #require(try await queue.jetStream.message(in: "JOBS", sequence: 2000))
            #expect(stored.storedAt == last.ack.storedAt)
        }
    }

    @Test func `A delivery has its headers, in the message as in the stream`() async throws {
        try await WorkQueue.with { queue in
            let headers = [NATSHeader("Nats-Msg-Id", "shop:1"), NATSHeader("Wa-On-Doubt", "retry")]
            _ = try await queue.connection.store(
                [OutgoingMessage(subject: "jobs.a", headers: headers, payload: [1])], timeout: .seconds(5))[0].get()
            let pull = WatchedPull(queue)
            try await pull.running {
                let delivered = try await pull.first(1)[0].message.headers
                #expect(Set(delivered) == Set(headers))
            }
        }
    }

    @Test func `No more comes than there is room, and the rest once there is`() async throws {
        try await WorkQueue.with { queue in
            try await queue.store(700)
            let pull = WatchedPull(queue, room: 10)
            try await pull.running {
                #expect(try await pull.numbers(10) == Array(1...10))
                // All that was asked for has come, and no request waits: nothing more is on its way.
                let info = try #require(try await queue.consumer())
                #expect(info.pendingAcks == 10)
                #expect(info.pending == 690)
                #expect(info.waitingPulls == 0)
                for room in [11, 12, 30, 690, 700] {
                    pull.grow(to: room)
                    #expect(try await pull.numbers(room) == Array(1...room))
                }
            }
        }
    }

    @Test func `Large jobs come too, though a batch of them would not fit what may be pending`() async throws {
        try await WorkQueue.with { queue in
            let payload = [UInt8](repeating: 7, count: 1_900_000)
            for _ in 0..<20 {
                let job = OutgoingMessage(subject: "jobs.a", payload: payload)
                _ = try await queue.connection.store([job], timeout: .seconds(30))[0].get()
            }
            let pull = WatchedPull(queue)
            try await pull.running {
                let deliveries = try await pull.first(20)
                #expect(deliveries.map(\.ack.streamSequence) == Array(1...20))
                #expect(deliveries.allSatisfy { $0.message.payload.count == payload.count })
            }
        }
    }

    @Test func `A pull goes on when the server has died and is back`() async throws {
        try await WorkQueue.with { queue in
            try await queue.store(10)
            let pull = WatchedPull(queue)
            try await pull.running {
                _ = try await pull.first(10)
                for round in 1...3 {
                    try await queue.server.kill()
                    try await queue.server.restart()
                    try await eventually("the connection is back") { queue.connection.isConnected }
                    try await queue.store(10, from: 10 * round + 1)
                    // Far less than the time of a request: what was open before is not waited for. A server that was
                    // killed may deliver some again.
                    let last = Array("\(10 * round + 10)".utf8)
                    _ = try await pull.deliveries.first(within: .seconds(4), what: "the last job of round \(round)") {
                        $0.contains { $0.message.payload == last } ? true : nil
                    }
                }
            }
        }
    }

    @Test func `A pull that begins while the server is away begins when it is there`() async throws {
        try await WorkQueue.with { queue in
            try await queue.store(3)
            try await queue.server.stop()
            let pull = WatchedPull(queue)
            try await pull.running {
                try await queue.server.restart()
                #expect(try await pull.numbers(3) == [1, 2, 3])
            }
        }
    }

    @Test func `A consumer that allows small batches alone gives everything`() async throws {
        try await WorkQueue.with { queue in
            #expect(try await queue.jetStream.deleteConsumer(named: "worker", of: "JOBS"))
            let request =
                #"{"stream_name":"JOBS","config":{"durable_name":"worker","ack_policy":"explicit","max_batch":7}}"#
            _ = try await queue.connection.request(
                OutgoingMessage(
                    subject: "$JS.API.CONSUMER.DURABLE.CREATE.JOBS.worker", payload: Array(request.utf8)),
                timeout: .seconds(5))
            try await queue.store(50)
            let pull = WatchedPull(queue)
            try await pull.running {
                let numbers = try await pull.numbers(50)
                #expect(numbers == Array(1...50))
            }
        }
    }

    @Test func `A consumer deleted while a request waits ends the pull`() async throws {
        try await WorkQueue.with { queue in
            let error = try await endOfPull(queue) { pull in
                try await queue.store(1)
                _ = try await pull.first(1)
                try await eventually("a request waits") { try await queue.consumer()?.waitingPulls == 1 }
                #expect(try await queue.jetStream.deleteConsumer(named: "worker", of: "JOBS"))
            }
            #expect(error?.code == .refused)
            #expect(error?.jetStreamCode == 10014)
        }
    }

    @Test func `A consumer deleted while nothing is asked for ends the pull at the next request`() async throws {
        try await WorkQueue.with { queue in
            let error = try await endOfPull(queue, room: 1) { pull in
                try await queue.store(2)
                _ = try await pull.first(1)
                #expect(try await queue.jetStream.deleteConsumer(named: "worker", of: "JOBS"))
                pull.grow(to: 2)
            }
            #expect(error?.jetStreamCode == 10014)
        }
    }

    @Test func `A consumer that is not there ends the pull`() async throws {
        try await WorkQueue.with { queue in
            #expect(try await queue.jetStream.deleteConsumer(named: "worker", of: "JOBS"))
            let error = try await endOfPull(queue) { _ in }
            #expect(error?.jetStreamCode == 10014)
        }
    }

    @Test func `A stream that is gone ends the pull`() async throws {
        try await WorkQueue.with { queue in
            let error = try await endOfPull(queue, room: 1) { pull in
                try await queue.store(1)
                _ = try await pull.first(1)
                _ = try await queue.connection.request(
                    OutgoingMessage(subject: "$JS.API.STREAM.DELETE.JOBS", payload: []), timeout: .seconds(5))
                pull.grow(to: 2)
            }
            #expect(error?.code == .refused)
        }
    }

    @Test func `A closed connection ends the pull`() async throws {
        try await WorkQueue.with { queue in
            let connection = NATSConnection(NATSOptions(queue.server), logger: .quiet)
            try await connection.connected()
            let other = WorkQueue(server: queue.server, connection: connection, jetStream: JetStream(connection))
            let error = try await endOfPull(other) { pull in
                try await queue.store(1)
                _ = try await pull.first(1)
                await connection.close()
            }
            #expect(error?.code == .closed)
        }
    }

    @Test func `A cancelled pull leaves the jobs that come later to others`() async throws {
        try await WorkQueue.with { queue in
            try await queue.store(5)
            let first = WatchedPull(queue)
            try await first.running { _ = try await first.first(5) }
            try await queue.store(20, from: 6)
            let second = WatchedPull(queue)
            try await second.running {
                let numbers = try await second.numbers(20)
                #expect(numbers == Array(6...25))
            }
            #expect(first.deliveries.current.count == 5)
        }
    }

    @Test func `A cancelled pull returns in time where the server does not answer`() async throws {
        try await WorkQueue.with { queue in
            try await queue.store(1)
            let pull = WatchedPull(queue)
            let began = Watched<ContinuousClock.Instant?>(nil)
            try await pull.running {
                _ = try await pull.first(1)
                queue.server.pause()
                began.update { $0 = .now }
            }
            let took = try ContinuousClock.now - #require(began.current)
            queue.server.resume()
            // The client library itself would wait for half a minute.
            #expect(took < .seconds(10))
        }
    }

    /// What a pull that runs while the closure does, and on, ends with.
    private func endOfPull(
        _ queue: WorkQueue, room: Int = 100, _ body: (WatchedPull) async throws -> Void
    ) async throws -> NATSError? {
        let pull = WatchedPull(queue, room: room)
        return try await withThrowingTaskGroup(of: NATSError?.self) { group in
            group.addTask {
                do throws(NATSError) {
                    try await pull.pull.run()
                    return nil
                } catch {
                    return error
                }
            }
            try await body(pull)
            return try await group.next() ?? nil
        }
    }
}
