import NATSClient
import NATSTestSupport
import TestSupport
import Testing

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct StreamMessagesTests {
    @Test func `A message is read as it was stored`() async throws {
        try await withStream { connection, jetStream in
            let headers = [NATSHeader("Nats-Msg-Id", "one"), NATSHeader("Wa-From", "a: b")]
            let payload = (0...255).map { UInt8($0) }
            let before = StreamTime.now
            try await store(OutgoingMessage(subject: "store.a", headers: headers, payload: payload), on: connection)
            let message = try #require(try await jetStream.message(in: "STORE", sequence: 1))
            #expect(message.sequence == 1)
            #expect(message.subject == "store.a")
            #expect(Set(message.headers) == Set(headers))
            #expect(message.hasUnreadableHeaders == false)
            #expect(message.payload == payload)
            #expect(message.storedAt > before - .seconds(5) && message.storedAt < .now + .seconds(5))
        }
    }

    @Test func `An empty message and one as large as may be are read`() async throws {
        try await withStream { connection, jetStream in
            try await store(OutgoingMessage(subject: "store.a", payload: []), on: connection)
            let payload = (0..<1_048_576).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await store(OutgoingMessage(subject: "store.a", payload: payload), on: connection)
            #expect(try await jetStream.message(in: "STORE", sequence: 1)?.payload == [])
            #expect(try await jetStream.message(in: "STORE", sequence: 2)?.payload == payload)
        }
    }

    @Test func `The first and the last on a subject are found, and nothing where there is none`() async throws {
        try await withStream { connection, jetStream in
            for subject in ["store.a", "store.b", "store.a", "store.b", "store.a"] {
                try await store(OutgoingMessage(subject: subject, payload: []), on: connection)
            }
            func first(_ sequence: UInt64, _ subject: String) async throws -> UInt64? {
                try await jetStream.firstMessage(in: "STORE", from: sequence, matching: subject)?.sequence
            }
            #expect(try await first(0, "store.b") == 2)
            #expect(try await first(2, "store.b") == 2)
            #expect(try await first(3, "store.b") == 4)
            #expect(try await first(5, "store.b") == nil)
            #expect(try await first(2, "store.*") == 2)
            #expect(try await first(6, "store.*") == nil)
            #expect(try await first(1, "store.c") == nil)
            #expect(try await jetStream.lastMessage(in: "STORE", on: "store.b")?.sequence == 4)
            #expect(try await jetStream.lastMessage(in: "STORE", on: "store.c") == nil)
            #expect(try await jetStream.message(in: "STORE", sequence: 6) == nil)
        }
    }

    @Test func `A deleted message is gone, and deleting it again says that it was not there`() async throws {
        try await withStream { connection, jetStream in
            for _ in 0..<3 { try await store(OutgoingMessage(subject: "store.a", payload: []), on: connection) }
            #expect(try await jetStream.deleteMessage(in: "STORE", sequence: 2))
            #expect(try await jetStream.message(in: "STORE", sequence: 2) == nil)
            #expect(try await jetStream.deleteMessage(in: "STORE", sequence: 2) == false)
            #expect(try await jetStream.deleteMessage(in: "STORE", sequence: 99) == false)
            #expect(try await jetStream.firstMessage(in: "STORE", from: 2, matching: "store.a")?.sequence == 3)
        }
    }

    @Test func `A stream that forbids to delete says so`() async throws {
        try await withStream { connection, jetStream in
            let bucket = KeyValueBucket("TEST", connection: connection)
            try await bucket.makeIfMissing(maximumAge: nil, storage: .file, replicas: 1)
            _ = try await bucket.create("key", value: [1])
            let error = await #expect(throws: NATSError.self) {
                try await jetStream.deleteMessage(in: "KV_TEST", sequence: 1)
            }
            #expect(error?.code == .refused)
        }
    }

    @Test func `A stream that is not there is a refusal`() async throws {
        try await withStream { _, jetStream in
            let error = await #expect(throws: NATSError.self) {
                try await jetStream.message(in: "NOWHERE", sequence: 1)
            }
            #expect(error?.jetStreamCode == 10059)
            let refusal = await #expect(throws: NATSError.self) {
                try await jetStream.deleteMessage(in: "NOWHERE", sequence: 1)
            }
            #expect(refusal?.jetStreamCode == 10059)
        }
    }

    @Test func `Subjects are counted, those alone that match`() async throws {
        try await withStream { connection, jetStream in
            for subject in ["store.a", "store.b", "store.a", "store.c"] {
                try await store(OutgoingMessage(subject: subject, payload: []), on: connection)
            }
            #expect(
                try await jetStream.subjectCounts(in: "STORE", matching: "store.*") == [
                    "store.a": 2, "store.b": 1, "store.c": 1,
                ])
            #expect(try await jetStream.subjectCounts(in: "STORE", matching: "store.a") == ["store.a": 2])
            #expect(try await jetStream.subjectCounts(in: "STORE", matching: "store.x") == [:])
        }
    }

    @Test func `More subjects than fit a page are counted`() async throws {
        try await withStream { connection, jetStream in
            // A page holds 100,000.
            for start in stride(from: 0, to: 101_000, by: 1000) {
                let messages = (start..<start + 1000).map { OutgoingMessage(subject: "store.\($0)", payload: []) }
                _ = try await connection.store(messages, timeout: .seconds(30)).map { try $0.get() }
            }
            let counts = try await jetStream.subjectCounts(in: "STORE", matching: "store.*")
            #expect(counts.count == 101_000)
            #expect(counts.values.allSatisfy { $0 == 1 })
        }
    }

    @Test func `Limits that break a promise are named`() async throws {
        try await withStream { connection, jetStream in
            let found = try #require(try await jetStream.stream(named: "STORE"))
            #expect(found.maximumAge == nil)
            #expect(found.maximumMessageBytes == nil)
            var wanted = StreamConfiguration(
                name: "STORE", subjects: ["store.*"], retention: .limits, storage: .file, replicas: 1,
                dedupeWindow: .seconds(3600))
            #expect(found.problems(for: wanted, minimumDedupeWindow: .zero).isEmpty)
            wanted.maximumMessageBytes = 1_040_384
            #expect(
                found.problems(for: wanted, minimumDedupeWindow: .zero) == [
                    "stream STORE has max_msg_size -1, not at most 1040384"
                ])

            var aged = wanted
            aged.name = "AGED"
            aged.subjects = ["aged"]
            aged.maximumAge = .seconds(7200)
            aged.maximumMessageBytes = 1000
            let made = try await jetStream.streamMadeIfMissing(aged)
            #expect(made.maximumAge == .seconds(7200))
            #expect(made.maximumMessageBytes == 1000)
            aged.maximumAge = nil
            #expect(
                made.problems(for: aged, minimumDedupeWindow: .zero) == [
                    "stream AGED drops messages after max_age 7200.0 seconds"
                ])
        }
    }

    private func store(_ message: OutgoingMessage, on connection: NATSConnection) async throws {
        _ = try await connection.store([message], timeout: .seconds(10))[0].get()
    }

    private func withStream(_ body: (NATSConnection, JetStream) async throws -> Void) async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                try await makeStream(on: connection)
                try await body(connection, JetStream(connection))
            }
        }
    }
}
