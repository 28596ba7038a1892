import Addressing
import NATSClient
import NATSTestSupport
import TestSupport
import Testing

@testable import Egress

/// Dead letters and a stream of a real server: whatever the job was, its letter can be stored.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct DeadLetterStoreTests {
    private static let limit = 256 * 1024

    private static func running(
        _ body: (NATSConnection, DeadLetterStore) async throws -> Void
    ) async throws {
        let account = try DeadLetterTests.letter().account
        try await NATSServer.running(.with { $0.maxPayload = Self.limit }) { server in
            try await withConnection(to: server) { connection in
                _ = try await JetStream(connection).streamMadeIfMissing(
                    StreamConfiguration(
                        name: "WHATSAPP_DEAD", subjects: ["whatsapp.*.dead.*"], retention: .limits, storage: .file,
                        replicas: 1, dedupeWindow: .seconds(3600)))
                try await body(
                    connection, DeadLetterStore(of: account, connection: connection, timeout: .seconds(5)))
            }
        }
    }

    /// Stores a letter and reads it back.
    private static func kept(
        _ letter: DeadLetter, _ connection: NATSConnection, _ store: DeadLetterStore
    ) async throws -> KeptDeadLetter {
        let ack = try #require(
            await connection.store([letter.message(atMost: connection.maximumPayload)], timeout: .seconds(5)).first)
        return try #require(try await store.letter(try ack.get().sequence))
    }

    @Test(arguments: [
        [NATSHeader("Nats-Expected-Stream", "WHATSAPP_OUT"), NATSHeader("Nats-Expected-Last-Sequence", "99")],
        [NATSHeader("Nats-Rollup", "all")], [NATSHeader("Nats-Expected-Last-Msg-Id", "x")],
        [NATSHeader("Nats-Expected-Last-Subject-Sequence", "99"), NATSHeader("Nats-Msg-Id", "my_account:1")],
        [NATSHeader("X-Nats-Expected-Stream", "ELSEWHERE"), NATSHeader("X", "Nats-Rollup: all")],
        [NATSHeader("X", "\u{7F}\u{1}ы"), NATSHeader("", "x"), NATSHeader("a b", "x")],
        [NATSHeader("X-Large", String(repeating: "x", count: 65_000))],
        (0..<3000).map { NATSHeader("X-\($0)", "0123456789") },
    ])
    func `Whatever headers the job has, its letter is stored`(headers: [NATSHeader]) async throws {
        try await Self.running { connection, store in
            let letter = try DeadLetterTests.letter(headers: headers)
            let kept = try await Self.kept(letter, connection, store)
            #expect(kept.payload == letter.payload && kept.jobID == letter.jobID && kept.isReplayable)
            #expect(kept.headersOfJob.allSatisfy { $0.name.hasPrefix("X") })
        }
    }

    @Test func `A job of any size up to the limit is stored, and at the limit cut`() async throws {
        try await Self.running { connection, store in
            let headers = [NATSHeader("X-Mine", String(repeating: "x", count: 5000))]
            for room in [0, 1, 100, 500, 1000, 2000, 5000, 5800, 8192] {
                let payload = [UInt8](repeating: UInt8(ascii: "p"), count: Self.limit - room)
                let kept = try await Self.kept(
                    try DeadLetterTests.letter(payload: payload, headers: headers, streamSequence: UInt64(room)),
                    connection, store)
                #expect(kept.payload.count > Self.limit - 8192 - 1 && payload.starts(with: kept.payload))
                #expect(kept.isReplayable == (kept.payload == payload))
                // What the gateway's own stream takes: 8 KiB below the limit.
                if room == 8192 { #expect(kept.payload == payload && kept.headersOfJob == headers) }
            }
        }
    }

    @Test func `A letter that is told twice is stored once`() async throws {
        try await Self.running { connection, store in
            let message = try DeadLetterTests.letter().message(atMost: Self.limit)
            let acks = try await connection.store([message, message], timeout: .seconds(5)).map { try $0.get() }
            #expect(acks.map(\.isDuplicate) == [false, true])
            let letter = try #require(try await store.first(from: 1))
            #expect(try await store.first(from: letter.sequence + 1) == nil)
        }
    }

    @Test func `Letters of other accounts are passed over, and one that is taken is gone`() async throws {
        try await Self.running { connection, store in
            let other = OutgoingMessage(subject: "whatsapp.other.dead.raw", payload: [])
            let mine = try DeadLetterTests.letter().message(atMost: Self.limit)
            _ = await connection.store([other, mine, other], timeout: .seconds(5))
            #expect(try await store.first(from: 1)?.sequence == 2)
            #expect(try await store.first(from: 3) == nil)
            #expect(try await store.take(2))
            #expect(try await !store.take(2))
            #expect(try await store.letter(2) == nil)
            #expect(try await store.first(from: 1) == nil)
        }
    }

    @Test func `The first letter since a time is found, whatever lies between the letters`() async throws {
        try await Self.running { connection, store in
            let seed = Seed.forTest()
            var random = seed.generator
            for number in 0..<120 {
                let account = number % 3 == 1 ? "other" : store.account.value
                let message = OutgoingMessage(subject: "whatsapp.\(account).dead.raw", payload: [])
                _ = try await connection.store([message], timeout: .seconds(5))[0].get()
            }
            for sequence in 1...120 where Int.random(in: 0..<3, using: &random) == 0 {
                _ = try await store.take(UInt64(sequence))
            }
            var letters: [KeptDeadLetter] = []
            while let letter = try await store.first(from: (letters.last?.sequence ?? 0) + 1) { letters.append(letter) }
            try #require(letters.count > 20)
            for letter in letters {
                for time in [letter.storedAt, StreamTime(nanoseconds: letter.storedAt.nanoseconds + 1)] {
                    let found = try await store.first(from: try await store.start(since: time))
                    #expect(found == letters.first { $0.storedAt >= time }, "\(seed)")
                }
            }
            #expect(try await store.start(since: StreamTime(nanoseconds: 0)) == 1)
            let late = try await store.start(since: StreamTime(nanoseconds: .max))
            #expect(try await store.first(from: late) == nil)
        }
    }

    @Test func `Without the stream there are no letters`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                let store = DeadLetterStore(
                    of: try DeadLetterTests.letter().account, connection: connection, timeout: .seconds(5))
                #expect(try await store.first(from: 1) == nil)
                #expect(try await store.start(since: .now) == 1)
            }
        }
    }

    @Test func `A job that is taken for a duplicate counts as not stored`() async throws {
        try await Self.running { connection, store in
            let message = try DeadLetterTests.letter().message(atMost: Self.limit)
            try await store.store(message)
            await #expect(throws: NATSError.self) { try await store.store(message) }
        }
    }
}
