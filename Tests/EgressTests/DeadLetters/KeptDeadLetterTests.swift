import Addressing
import NATSClient
import TestSupport
import Testing

@testable import Egress

/// What is read from the stream, and what a replay makes of it.
@Suite struct KeptDeadLetterTests {
    private static let now = StreamTime(seconds: 2000)

    static func letter(
        sequence: UInt64 = 1, action: String = "sendMessage", headers: [NATSHeader] = [],
        payload: [UInt8] = Array("{}".utf8), storedAt: StreamTime = StreamTime(seconds: 1000),
        hasUnreadableHeaders: Bool = false
    ) throws -> KeptDeadLetter {
        try #require(
            KeptDeadLetter(
                StreamMessage(
                    sequence: sequence, subject: "whatsapp.shop.dead.\(action)", headers: headers,
                    hasUnreadableHeaders: hasUnreadableHeaders, payload: payload, storedAt: storedAt)))
    }

    private static let shop = AccountName("shop")

    @Test func `What the gateway wrote is read back`() throws {
        let made = try DeadLetterTests.letter(headers: [NATSHeader("X-Mine", "1")], error: "Ошибка")
        let message = made.message(atMost: 1 << 20)
        let letter = try Self.letter(sequence: 5, headers: message.headers, payload: Array(message.payload))
        #expect(letter.sequence == 5 && letter.action == "sendMessage" && letter.payload == made.payload)
        #expect(letter.jobID == made.jobID && letter.error == made.error && letter.code == made.code)
        #expect(letter.attempts == made.attempts && letter.reason == made.reason.rawValue)
        #expect(letter.headersOfJob == [NATSHeader("X-Mine", "1")] && letter.isReplayable)
    }

    @Test(arguments: ["whatsapp.shop.queue.raw", "whatsapp.shop.dead.a.b", "whatsapp.SHOP.dead.raw", "x"])
    func `A message on another subject is no dead letter`(subject: String) {
        let message = StreamMessage(sequence: 1, subject: subject, payload: [], storedAt: Self.now)
        #expect(KeptDeadLetter(message) == nil)
    }

    @Test func `What others wrote lacks what it lacks`() throws {
        let letter = try Self.letter(headers: [NATSHeader("Wa-Error-Code", "many"), NATSHeader("Wa-Reason", "spite")])
        #expect(letter.jobID == nil && letter.code == nil && letter.attempts == nil && letter.error == nil)
        #expect(letter.reason == "spite" && letter.isReplayable)
    }

    @Test func `A replay is the job again, without what its death added`() throws {
        let account = try #require(Self.shop)
        let letter = try Self.letter(
            action: "sendTemplate",
            headers: try DeadLetterTests.letter(headers: [
                NATSHeader("traceparent", "00-1"), NATSHeader("Wa-On-Doubt", "retry"), NATSHeader("X", "1"),
                NATSHeader("X", "2"),
            ]).message(atMost: 1 << 20).headers + [NATSHeader("Nats-Stream-Source", "MIRROR 1")],
            payload: [1, 2, 3])
        let job = letter.job(of: account, at: Self.now)
        #expect(job.subject == "whatsapp.shop.queue.sendTemplate" && job.payload == [1, 2, 3])
        #expect(
            job.headers == [
                NATSHeader("traceparent", "00-1"), NATSHeader("Wa-On-Doubt", "retry"), NATSHeader("X", "1"),
                NATSHeader("X", "2"),
            ])
    }

    @Test(arguments: [("1999", true), ("2000", true), ("2001", false), ("1970-01-01T00:33:20Z", true), ("soon", false)])
    func `Wa-Expires is left out where it is over`(expires: String, isOver: Bool) throws {
        let account = try #require(Self.shop)
        let letter = try Self.letter(headers: [NATSHeader("Wa-Expires", expires)])
        #expect(letter.isExpired(at: Self.now) == isOver)
        #expect(letter.job(of: account, at: Self.now).headers.isEmpty == isOver)
    }

    @Test func `A job that is not whole is not replayed`() throws {
        #expect(try Self.letter(headers: [NATSHeader("Wa-Truncated", "headers")]).isReplayable)
        #expect(try !Self.letter(headers: [NATSHeader("Wa-Truncated", "payload")]).isReplayable)
        #expect(try !Self.letter(headers: [NATSHeader("Wa-Truncated", "headers, payload")]).isReplayable)
        #expect(try !Self.letter(hasUnreadableHeaders: true).isReplayable)
    }

    @Test func `A line of JSON has it all, and is one line`() throws {
        let letter = try Self.letter(
            sequence: 7,
            headers: [
                NATSHeader("Wa-Job-Id", "shop:1%0A"), NATSHeader("Wa-Error", "no"),
                NATSHeader("Wa-Error-Code", "131026"),
                NATSHeader("Wa-Attempts", "2"), NATSHeader("Wa-Reason", "unknown outcome"), NATSHeader("X", "2"),
                NATSHeader("A", "ы"), NATSHeader("X", "1"),
            ],
            payload: Array("{\"to\":\"1\",\r\n \"text\":\"a\\nb\"}".utf8))
        #expect(
            String(decoding: letter.json, as: UTF8.self)
                == #"{"sequence":7,"stored":"1970-01-01T00:16:40Z","action":"sendMessage","job_id":"shop:1\n","#
                + #""attempts":2,"code":131026,"reason":"unknown outcome","error":"no","headers":{"A":["ы"],"#
                + #""X":["2","1"]},"payload":{"to":"1",   "text":"a\nb"}}"#)
    }

    @Test func `What a letter does not say is null, and a payload that is no JSON is a string`() throws {
        let letter = try Self.letter(headers: [NATSHeader("Wa-Truncated", "payload")], payload: Array("{\"to\n".utf8))
        #expect(
            String(decoding: letter.json, as: UTF8.self)
                == #"{"sequence":1,"stored":"1970-01-01T00:16:40Z","action":"sendMessage","job_id":null,"#
                + #""attempts":null,"code":null,"reason":null,"error":null,"truncated":"payload","headers":{},"#
                + #""payload":"{\"to\n"}"#)
    }
}
