import NATSClient
import NATSTestSupport
import TestSupport
import Testing

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct StoreTests {
    @Test func `Messages published together get their acks in their order`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                try await makeStream(on: connection)
                let messages = (0..<1000).map { OutgoingMessage(subject: "store.a", payload: Array("\($0)".utf8)) }
                let acks = try await connection.store(messages, timeout: .seconds(10)).map { try $0.get() }
                #expect(acks.map(\.sequence) == Array(1...1000))
                #expect(acks.allSatisfy { $0.stream == "STORE" && !$0.isDuplicate })
            }
        }
    }

    @Test func `A message id stored before is told as a duplicate, with the place of the first`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                try await makeStream(on: connection)
                let message = OutgoingMessage(
                    subject: "store.a", headers: [NATSHeader("Nats-Msg-Id", "one")], payload: [1])
                let acks = try await connection.store([message, message], timeout: .seconds(5)).map { try $0.get() }
                #expect(acks.map(\.sequence) == [1, 1])
                #expect(acks.map(\.isDuplicate) == [false, true])
            }
        }
    }

    @Test func `Without a stream over the subject nothing is stored, and that is told at once`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                try await makeStream(on: connection)
                let results = await connection.store(
                    [
                        OutgoingMessage(subject: "store.a", payload: []),
                        OutgoingMessage(subject: "nowhere", payload: []),
                    ], timeout: .seconds(30))
                #expect((try? results.first?.get())?.sequence == 1)
                #expect(failureCode(results.last) == .noResponders)
            }
        }
    }

    @Test func `A full stream refuses, with JetStream's code`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                try await makeStream(on: connection, maximumBytes: 2000)
                let message = OutgoingMessage(subject: "store.a", payload: [UInt8](repeating: 0, count: 900))
                let results = await connection.store([message, message, message], timeout: .seconds(5))
                #expect(failureCode(results.first) == nil)
                #expect(failureCode(results.last) == .refused)
            }
        }
    }

    @Test func `An answer that is no PubAck is a refusal`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                _ = connection.subscribe("fake") { message in
                    connection.publish(OutgoingMessage(subject: message.reply ?? "none", payload: Array("hi".utf8)))
                }
                try await connection.roundTrip(timeout: .seconds(5))
                let results = await connection.store(
                    [OutgoingMessage(subject: "fake", payload: [])], timeout: .seconds(5))
                #expect(failureCode(results.first) == .refused)
            }
        }
    }

    @Test func `Waits for acks end at once when the connection breaks, and publishing while away is refused`()
        async throws
    {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                try await makeStream(on: connection)
                server.pause()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        let results = await connection.store(
                            [OutgoingMessage(subject: "store.a", payload: [])], timeout: .seconds(60))
                        #expect(failureCode(results.first) == .disconnected)
                    }
                    try await server.kill()
                    try await group.waitForAll()
                }
                let began = ContinuousClock.now
                let results = await connection.store(
                    [OutgoingMessage(subject: "store.a", payload: [])], timeout: .seconds(60))
                #expect(failureCode(results.first) == .disconnected)
                #expect(ContinuousClock.now - began < .seconds(5))
                try await server.restart()
            }
        }
    }

    @Test func `Whatever was acked is in the stream after nats-server was killed under load`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                try await makeStream(on: connection)
                let acked = Watched<Int>(0)
                let stop = Watched<Bool>(false)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for worker in 0..<8 {
                        group.addTask {
                            var number = 0
                            while !stop.current {
                                number += 1
                                let message = OutgoingMessage(
                                    subject: "store.\(worker)",
                                    headers: [NATSHeader("Nats-Msg-Id", "\(worker)-\(number)")],
                                    payload: [])
                                let result = await connection.store([message], timeout: .seconds(5))
                                if failureCode(result.first) == nil { acked.update { $0 += 1 } }
                                // Away from NATS every try fails at once: let the reconnect have the processor.
                                if !connection.isConnected { await Task.yield() }
                            }
                        }
                    }
                    for _ in 0..<3 {
                        let before = acked.current
                        _ = try await acked.first(within: .seconds(30), what: "acks go on") {
                            $0 > before + 500 ? $0 : nil
                        }
                        try await server.kill()
                        try await server.restart()
                    }
                    let before = acked.current
                    _ = try await acked.first(within: .seconds(30), what: "acks go on") { $0 > before + 500 ? $0 : nil }
                    stop.update { $0 = true }
                    try await group.waitForAll()
                }
                let stored = try await messageCount(of: "STORE", on: connection)
                #expect(stored >= acked.current)
            }
        }
    }
}

func failureCode(_ result: Result<PubAck, NATSError>?) -> NATSError.Code? {
    guard case .failure(let error) = result else { return nil }
    return error.code
}

func makeStream(on connection: NATSConnection, maximumBytes: Int? = nil) async throws {
    _ = try await JetStream(connection).streamMadeIfMissing(
        StreamConfiguration(
            name: "STORE", subjects: ["store.*"], retention: .limits, storage: .file, replicas: 1,
            maximumBytes: maximumBytes, dedupeWindow: .seconds(3600)))
}
