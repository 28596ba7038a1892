import Addressing
import NATSClient
import TestSupport
import Testing

@testable import Egress

/// What becomes of a job that will not be sent.
@Suite struct DeadLetterTests {
    static func letter(
        payload: [UInt8] = Array(#"{"to":"447700900123","text":"hello"}"#.utf8), headers: [NATSHeader] = [],
        jobID: String = "my_account:order-17", error: String = "Message undeliverable",
        streamSequence: UInt64 = 17
    ) throws -> DeadLetter {
        DeadLetter(
            account: try #require(AccountName("my_account")), action: "sendMessage", payload: payload, headers: headers,
            jobID: jobID, reason: .refused, error: error, code: 131_026, attempts: 2,
            streamSequence: streamSequence,
            storedAt: StreamTime(nanoseconds: 1_795_369_788_123_456_789))
    }

    /// What the server counts against `max_payload`.
    private static func size(_ message: OutgoingMessage) -> Int {
        NATSHeader.blockSize + message.headers.reduce(0) { $0 + $1.size } + message.payload.count
    }

    private static func value(_ name: String, in message: OutgoingMessage) -> String? {
        message.headers.first { $0.name == name }?.value
    }

    @Test func `A dead letter has the payload, the job's headers, and what became of it`() throws {
        let letter = try Self.letter(headers: [
            NATSHeader("traceparent", "00-1"), NATSHeader("X-Mine", "1"), NATSHeader("X-Mine", "2"),
        ])
        let message = letter.message(atMost: 1 << 20)
        #expect(message.subject == "whatsapp.my_account.dead.sendMessage")
        #expect(Array(message.payload) == letter.payload)
        #expect(
            message.headers == [
                NATSHeader("Nats-Msg-Id", "dead:17:1795369788123456789"),
                NATSHeader("Wa-Job-Id", "my_account:order-17"), NATSHeader("Wa-Error", "Message undeliverable"),
                NATSHeader("Wa-Error-Code", "131026"), NATSHeader("Wa-Attempts", "2"),
                NATSHeader("Wa-Reason", "refused"), NATSHeader("traceparent", "00-1"), NATSHeader("X-Mine", "1"),
                NATSHeader("X-Mine", "2"),
            ])
    }

    @Test(arguments: [
        "Nats-Msg-Id", "nats-msg-id", "NATS-Expected-Stream", "Nats-Expected-Last-Sequence", "Nats-Rollup", "Nats-TTL",
        "Nats-Stream-Source", "Wa-Job-Id", "wa-error", "Wa-Error-Code", "Wa-Attempts", "Wa-Reason", "Wa-Truncated",
    ])
    func `Control headers of NATS and of an earlier death are left behind`(name: String) throws {
        let message = try Self.letter(headers: [NATSHeader(name, "old")]).message(atMost: 1 << 20)
        #expect(message.headers == (try Self.letter().message(atMost: 1 << 20).headers))
    }

    @Test(arguments: ["X-Nats-Msg-Id", "Wa-Expires", "Wa-On-Doubt", "Natsy", "Wa-Jobs"])
    func `Headers that only look like those stay`(name: String) throws {
        let message = try Self.letter(headers: [NATSHeader(name, "kept")]).message(atMost: 1 << 20)
        #expect(message.headers.last == NATSHeader(name, "kept"))
        #expect(Self.value("Wa-Truncated", in: message) == nil)
    }

    @Test func `What is told is printable, and short`() throws {
        let message = try Self.letter(
            jobID: "my_account:\u{1}ы", error: "line\r\nNats-Rollup: all " + String(repeating: "x", count: 5000)
        ).message(atMost: 1 << 20)
        #expect(Self.value("Wa-Job-Id", in: message) == "my_account:%01%D1%8B")
        let error = try #require(Self.value("Wa-Error", in: message))
        #expect(error.hasPrefix("line%0D%0ANats-Rollup: all x") && error.utf8.count == 512)
    }

    @Test(arguments: [
        (DeadReason.invalid, "invalid"), (.refused, "refused"), (.expired, "expired"),
        (.unknownOutcome, "unknown outcome"), (.outOfAttempts, "out of attempts"),
    ])
    func `Reasons have their words`(reason: DeadReason, words: String) {
        #expect(reason.rawValue == words)
    }

    @Test func `A header that no line can hold is left out, and that is said`() throws {
        let broken = ["", " folded", "a b", "a:b", "имя"].map { NATSHeader($0, "x") }
        let message = try Self.letter(headers: broken + [NATSHeader("X-Fine", "y")]).message(atMost: 1 << 20)
        #expect(message.headers.dropFirst(6) == [NATSHeader("Wa-Truncated", "headers"), NATSHeader("X-Fine", "y")])
    }

    @Test func `Headers that could not be read are said to be missing`() throws {
        var letter = try Self.letter()
        letter.hasUnreadableHeaders = true
        let message = letter.message(atMost: 1 << 20)
        #expect(message.headers.dropFirst(6) == [NATSHeader("Wa-Truncated", "headers")])
        #expect(Array(message.payload) == letter.payload)
    }

    @Test func `Headers beyond what a stream stores are left out, smaller ones behind them are kept`() throws {
        let headers = [
            NATSHeader("X-Large", String(repeating: "x", count: 65_400)), NATSHeader("Wa-On-Doubt", "retry"),
        ]
        let letter = try Self.letter(headers: headers)
        let message = letter.message(atMost: 8 << 20)
        #expect(Self.value("X-Large", in: message) == nil)
        #expect(Self.value("Wa-On-Doubt", in: message) == "retry")
        #expect(Self.value("Wa-Truncated", in: message) == "headers")
        #expect(Array(message.payload) == letter.payload)
    }

    @Test func `At the size limit the job's headers go before its payload`() throws {
        let headers = (0..<10).map { NATSHeader("X-\($0)", String(repeating: "x", count: 100)) }
        let letter = try Self.letter(payload: Array(repeating: UInt8(ascii: "p"), count: 10_000), headers: headers)
        let whole = letter.message(atMost: .max)
        let size = Self.size(whole)
        #expect(Self.value("Wa-Truncated", in: letter.message(atMost: size)) == nil)
        let bare = Self.size(try Self.letter(payload: letter.payload).message(atMost: .max))
        for limit in stride(from: size - 1, to: bare + 32, by: -7) {
            let message = letter.message(atMost: limit)
            #expect(Self.size(message) <= limit)
            #expect(Self.value("Wa-Truncated", in: message) == "headers")
            #expect(message.payload.count == 10_000)
        }
    }

    @Test func `A payload that is too large even alone is cut`() throws {
        let letter = try Self.letter(
            payload: (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }, headers: [NATSHeader("X-Mine", "1")])
        let message = letter.message(atMost: 5000)
        #expect(Self.size(message) == 5000)
        #expect(letter.payload.starts(with: message.payload))
        #expect(Self.value("Wa-Truncated", in: message) == "headers, payload")
        let alone = try Self.letter(payload: letter.payload).message(atMost: 5000)
        #expect(Self.value("Wa-Truncated", in: alone) == "payload" && Self.size(alone) <= 5000)
    }

    @Test func `Whatever the job and the limit, the letter fits and says what it lacks`() throws {
        var random = Seed.forTest().generator
        for _ in 0..<300 {
            let headers = (0..<Int.random(in: 0...8, using: &random)).map { index in
                NATSHeader(
                    ["X-\(index)", "Nats-\(index)", "Wa-Error", "a b"].randomElement(using: &random) ?? "X",
                    String(repeating: "v", count: Int.random(in: 0...40_000, using: &random)))
            }
            let payload = [UInt8](repeating: 0, count: Int.random(in: 0...100_000, using: &random))
            let letter = try Self.letter(payload: payload, headers: headers)
            let limit = Int.random(in: 2000...150_000, using: &random)
            let message = letter.message(atMost: limit)
            #expect(Self.size(message) <= limit)
            #expect(Self.size(message) - message.payload.count <= DeadLetter.headerLimit)
            let isWhole =
                message.payload.count == payload.count
                && message.headers.filter(DeadLetterHeader.isOfJob) == headers.filter(DeadLetterHeader.isOfJob)
            #expect((Self.value("Wa-Truncated", in: message) == nil) == isWhole)
        }
    }
}
