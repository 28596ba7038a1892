import GraphSimulator
import JSONBytes
import NATSClient
import TestSupport
import Testing

/// Any bytes on `out.*`: a clear answer, no crash, nothing sent that should not be.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct HostileRequestTests {
    private static let actions = [
        "sendMessage", "sendImage", "sendDocument", "sendVideo", "sendAudio", "sendSticker", "sendLocation",
        "sendContact", "sendTemplate", "sendReaction", "sendInteractive", "markRead", "typing", "raw", "uploadMedia",
        "getMedia", "downloadMedia", "deleteMedia", "SENDMESSAGE", "é", "%00", "sendMessage\u{7}",
    ]

    @Test func `Random bytes are client errors`() async throws {
        let seed = Seed.forTest()
        try await Gateway.running([.egress]) { gateway in
            var random = seed.generator
            for _ in 1...400 {
                let payload = Self.noise(using: &random)
                let action = Self.actions.randomElement(using: &random) ?? ""
                let reply = try await Bot(gateway).ask(action, payload)
                #expect(reply.failure == "InvalidRequest 400", "\(action) \(payload)")
                #expect(reply.header("Nats-Service-Error")?.utf8.allSatisfy { (0x20...0x7E).contains($0) } == true)
            }
            #expect(gateway.graph.stats.connectionsOpened == 0)
            #expect(try await Bot(gateway).text("still there").failure == nil)
        }
    }

    @Test func `Requests with a byte or more changed are sent as they are or refused, each once`() async throws {
        let seed = Seed.forTest()
        let fixtures = try OutboundFixture.all().filter { $0.outcome == .sent && !$0.subject.hasSuffix(".raw") }
        try await Gateway.running([.egress]) { settings in
            settings.further["EGRESS_RATE_PER_SECOND"] = "5000"
        } body: { gateway in
            var random = seed.generator
            for _ in 1...300 {
                guard let fixture = fixtures.randomElement(using: &random) else { return }
                let payload = Self.damaged(fixture.request, using: &random)
                let before = gateway.graph.stats.received
                let reply = try await gateway.nats.request(
                    OutgoingMessage(subject: fixture.subject, payload: payload), timeout: .seconds(10))
                let calls = gateway.graph.stats.received - before
                #expect(calls == (reply.failure == "InvalidRequest 400" ? 0 : 1), "\(fixture) \(payload)")
            }
            // Whatever got through is JSON, addressed to somebody, to the account's own messages.
            for call in gateway.graph.requests {
                let body = try JSONDocument(validating: call.body).root
                #expect(body["messaging_product"]?.string == "whatsapp")
                #expect(call.target.hasSuffix("/messages") && call.method == "POST")
            }
        }
    }

    @Test func `Payloads as large as NATS carries are answered, and their events fit`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let bot = Bot(gateway)
            let tap = try await NATSTap(on: gateway.nats, "whatsapp.my_account.error")
            let size = gateway.nats.maximumPayload
            let blanks = try await bot.ask("sendMessage", [UInt8](repeating: 0x20, count: size))
            #expect(blanks.failure == "InvalidRequest 400")
            let nested = try await bot.ask("sendTemplate", [UInt8](repeating: 0x5B, count: size))
            #expect(nested.failure == "InvalidRequest 400")
            let quotes = try await bot.ask("sendMessage", [UInt8](repeating: 0xFF, count: size))
            #expect(quotes.failure == "InvalidRequest 400")
            let events = try await tap.all(3)
            #expect(events.allSatisfy { $0.json?["truncated"] == .bool(true) && $0.json?["request"] == nil })

            // In order and too long by far for Meta: that is Meta's to judge.
            let frame = Bot.textPayload("").utf8.count
            let long = try await bot.ask(
                "sendMessage", Bot.textPayload(String(repeating: "x", count: size - frame)), waiting: .seconds(30))
            #expect(gateway.graph.stats.received == 1)
            #expect(long.json?["error"]?["code"]?.int == 100)
            let truncated = try await tap.all(4).last
            #expect(truncated?.json?["truncated"] == .bool(true) && truncated?.json?["code"]?.int == 100)
        }
    }

    @Test func `Subjects with other than one token after out are nobody's, and odd tokens are client errors`()
        async throws
    {
        try await Gateway.running([.egress]) { gateway in
            for action in ["a.b.c", "sendMessage.x"] {
                let error = await #expect(throws: NATSError.self) {
                    try await Bot(gateway).ask(action, Bot.textPayload("hello"))
                }
                #expect(error?.code == .noResponders, "\(action)")
            }
            for action in ["$", "{}", "\"", "sendMessage\u{FEFF}", String(repeating: "a", count: 900), "\u{1}"] {
                let reply = try await Bot(gateway).ask(action, Bot.textPayload("hello"))
                #expect(reply.failure == "InvalidRequest 400", "\(action)")
            }
            #expect(gateway.graph.stats.connectionsOpened == 0)
        }
    }

    @Test func `Control headers of any bytes are read or refused, never passed over`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let wire = try await RawNATS.connect(to: gateway.server)
            let payload = Array(Bot.textPayload("hello").utf8)
            let refused: [[UInt8]] = [
                Array("Wa-Timeout-Ms: \u{FF}\r\n".utf8),
                Array("Wa-Timeout-Ms: ".utf8) + [0xFF, 0xFE, 0x0D, 0x0A],
                Array("Wa-Timeout-Ms: 200\r\nno colon here\r\n".utf8),
                Array("Wa-Timeout-Ms 200\r\n".utf8),
                Array(": 200\r\n".utf8),
                // The client library reads none of a message's headers when one has no value.
                Array("Wa-Idempotency-Key: order-17\r\nX-Other: \r\n".utf8),
                Array("Wa-Idempotency-Key:\r\n".utf8),
                Array("Wa-Idempotency-Key: \(String(repeating: "k", count: 257))\r\n".utf8),
                Array("Wa-Idempotency-Key: one\r\nWa-Idempotency-Key: two\r\n".utf8),
                Array("Wa-Timeout-Ms: 200\r\nWa-Timeout-Ms: 60000000\r\n".utf8),
            ]
            for block in refused {
                let reply = try await wire.request(
                    "whatsapp.my_account.out.sendMessage", header: block, payload: payload)
                #expect(reply.contains("InvalidRequest"), "\(String(decoding: block, as: UTF8.self)): \(reply)")
            }
            #expect(gateway.graph.stats.received == 0)
            let read: [[UInt8]] = [
                [], Array("Wa-Timeout-Ms:9000\r\n".utf8), Array("Wa-Timeout-Ms:   9000   \r\n".utf8),
                Array("X-Other: ".utf8) + [0xFF, 0x01, 0x0D, 0x0A],
                // The client library reads a value up to its first NUL.
                Array("Wa-Timeout-Ms: 9000".utf8) + [0x00, 0x39, 0x0D, 0x0A],
            ]
            for block in read {
                let reply = try await wire.request(
                    "whatsapp.my_account.out.sendMessage", header: block, payload: payload)
                #expect(reply.contains("wamid."), "\(String(decoding: block, as: UTF8.self)): \(reply)")
            }
            #expect(gateway.graph.stats.received == read.count)
        }
    }

    private static func noise(using random: inout SeededGenerator) -> [UInt8] {
        let count = Int.random(in: 0...200, using: &random)
        let isText = Bool.random(using: &random)
        let alphabet = Array(#"{}[]":,0123456789.eE+-\utfnl true null to text 447700900123"#.utf8)
        var bytes = (0..<count).map { _ in
            isText ? alphabet.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
        }
        // Never a JSON object, whatever chance writes.
        if count > 0 { bytes[0] = [0x20, 0x5B, 0x22, 0xFF, 0x00].randomElement(using: &random) ?? 0 }
        if let first = bytes.firstIndex(where: { $0 != 0x20 }), bytes[first] == 0x7B { bytes[first] = 0x5B }
        return bytes
    }

    private static func damaged(_ payload: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
        var bytes = payload
        for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0...3, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            default: bytes.removeSubrange(place..<min(bytes.count, place + 8))
            }
        }
        return bytes
    }
}
