import NATSClient
import NATSTestSupport
import TestSupport
import Testing

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct ConsumerTests {
    private let wanted = ConsumerConfiguration(durableName: "worker", filterSubject: "jobs.a")

    @Test func `A consumer has what it was made with`() async throws {
        try await WorkQueue.with { queue async throws in
            let info = try #require(try await queue.consumer())
            #expect(info.name == "worker")
            #expect(info.filterSubject == "jobs.a")
            #expect(info.ackPolicy == "explicit")
            #expect(info.ackWait == .seconds(30))
            #expect(info.maximumDeliveries == nil)
            #expect(info.maximumPendingAcks == nil)
            #expect(info.deliverSubject == nil)
            #expect(info.problems(for: wanted).isEmpty)
            try await queue.store(3)
            #expect(try await queue.consumer()?.pending == 3)
        }
    }

    @Test func `What differs from what was asked for is named`() async throws {
        try await WorkQueue.with { queue async throws in
            var other = wanted
            other.durableName = "other"
            other.filterSubject = "jobs.b"
            other.ackWait = .seconds(5)
            other.maximumDeliveries = 3
            other.maximumPendingAcks = 100
            let info = try await queue.jetStream.makeConsumer(other, on: "JOBS")
            #expect(
                info.problems(for: wanted) == [
                    "consumer other has filter_subject jobs.b, not jobs.a",
                    "consumer other has ack_wait 5.0 seconds, not 30.0 seconds",
                    "consumer other has max_ack_pending 100, not -1",
                    "consumer other has max_deliver 3, not -1",
                ])
        }
    }

    @Test func `A consumer that is not there is nothing, and is not deleted twice`() async throws {
        try await WorkQueue.with { queue async throws in
            #expect(try await queue.jetStream.consumer(named: "nobody", of: "JOBS") == nil)
            #expect(try await queue.jetStream.deleteConsumer(named: "worker", of: "JOBS"))
            #expect(try await queue.jetStream.deleteConsumer(named: "worker", of: "JOBS") == false)
            #expect(try await queue.consumer() == nil)
            let error = await #expect(throws: NATSError.self) {
                try await queue.jetStream.consumer(named: "worker", of: "NOWHERE")
            }
            #expect(error?.jetStreamCode == 10059)
        }
    }

    @Test func `A second consumer over the same jobs is refused, and one made again stays`() async throws {
        try await WorkQueue.with { queue async throws in
            let rival = ConsumerConfiguration(durableName: "rival", filterSubject: "jobs.a")
            let error = await #expect(throws: NATSError.self) {
                try await queue.jetStream.makeConsumer(rival, on: "JOBS")
            }
            #expect(error?.code == .refused)
            #expect(try await queue.jetStream.makeConsumer(wanted, on: "JOBS").problems(for: wanted).isEmpty)
            #expect(try await queue.jetStream.consumerNames(of: "JOBS") == ["worker"])
        }
    }

    @Test func `All names are found, page after page`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                try await makeStream(on: connection)
                let jetStream = JetStream(connection)
                #expect(try await jetStream.consumerNames(of: "STORE").isEmpty)
                // A page holds 1024.
                let names = (0..<1030).map { "consumer-\($0)" }
                for name in names {
                    let consumer = ConsumerConfiguration(durableName: name, filterSubject: "store.a", isInMemory: true)
                    _ = try await jetStream.makeConsumer(consumer, on: "STORE")
                }
                #expect(try await jetStream.consumerNames(of: "STORE") == Set(names))
            }
        }
    }

    @Test func `An ephemeral consumer gives what was stored from a time on, and asks for no acks`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                try await makeStream(on: connection)
                let jetStream = JetStream(connection)
                for number in UInt8(1)...10 {
                    let message = OutgoingMessage(subject: "store.a", payload: [number])
                    _ = try await connection.store([message], timeout: .seconds(5))[0].get()
                }
                let sixth = try #require(try await jetStream.message(in: "STORE", sequence: 6))
                let info = try await jetStream.makeConsumer(
                    ConsumerConfiguration(
                        durableName: nil, filterSubject: "store.*", ackPolicy: .none, start: .at(sixth.storedAt),
                        inactiveThreshold: .seconds(60), isInMemory: true, replicas: 1), on: "STORE")
                #expect(info.ackPolicy == "none")
                #expect(info.pending == 5)
                let received = Watched<[UInt8]>([])
                let pull = Pull(
                    connection, stream: "STORE", consumer: info.name, room: { 100 },
                    deliver: { delivery in received.update { $0 += delivery.message.payload } })
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await pull.run() }
                    _ = try await received.first(what: "five messages") { $0 == [6, 7, 8, 9, 10] ? true : nil }
                    group.cancelAll()
                    try await group.waitForAll()
                }
                #expect(try await jetStream.deleteConsumer(named: info.name, of: "STORE"))
            }
        }
    }
}
