import NATSClient
import TestSupport
import Testing

/// How large a webhook may be, and what becomes of one that does not fit into a NATS message.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct WebhookSizeTests {
    private static let mebibyte = 1 << 20

    @Test(arguments: [mebibyte, 4 * mebibyte])
    func `A thousand messages in one body are stored, each under both its subjects`(maxPayload: Int) async throws {
        try await Gateway.running([.ingress], server: .with { $0.maxPayload = maxPayload }) { gateway async throws in
            let body = Self.body(changes: [(0..<1000).map { Self.message("wamid.\($0)", textLength: 40) }])
            #expect(try await gateway.post(body).status == 200)
            #expect(try await gateway.messageCount(of: "WHATSAPP_IN") == 2001)
        }
    }

    @Test func `A body of 3 MB is one in.webhook where the server takes messages of 4 MiB`() async throws {
        try await Gateway.running([.ingress], server: .with { $0.maxPayload = 4 * Self.mebibyte }) {
            gateway async throws in
            let tap = try await NATSTap(on: gateway.nats)
            let body = Self.threeMegabytes
            #expect(try await gateway.post(body).status == 200)
            let copies = try await tap.everything().filter { $0.subject.hasSuffix(".in.webhook") }
            #expect(copies.map(\.payload) == [body])
            #expect(try await gateway.messageCount(of: "WHATSAPP_IN") == 1 + 2 * 12)
        }
    }

    @Test func `With a server of 1 MiB it is one in.webhook a change, and every event is there`() async throws {
        try await Gateway.running([.ingress], server: .with { $0.maxPayload = Self.mebibyte }) { gateway async throws in
            let tap = try await NATSTap(on: gateway.nats)
            let body = Self.threeMegabytes
            #expect(try await gateway.post(body).status == 200)
            let copies = try await tap.everything().filter { $0.subject.hasSuffix(".in.webhook") }
            #expect(copies.count == 4)
            #expect(copies.allSatisfy { $0.payload.count < Self.mebibyte })
            #expect(copies.allSatisfy { (try? JSONTree($0.payload)["entry"]) != nil })
            #expect(try await gateway.messageCount(of: "WHATSAPP_IN") == 4 + 2 * 12)
        }
    }

    @Test func `An event that cannot fit is answered 413, nothing of its body is stored, and max_payload is named`()
        async throws
    {
        try await Gateway.running([.ingress], server: .with { $0.maxPayload = Self.mebibyte }) { gateway async throws in
            let messages = [Self.message("wamid.1", textLength: 10), Self.message("wamid.2", textLength: 1_200_000)]
            #expect(try await gateway.post(Self.body(changes: [messages])).status == 413)
            #expect(try await gateway.messageCount(of: "WHATSAPP_IN") == 0)
            try await gateway.ingress.log.waitForLine { $0.contains("level=error") && $0.contains("max_payload") }
        }
    }

    /// Four changes of three messages of a quarter of a megabyte.
    private static let threeMegabytes = body(
        changes: (0..<4).map { change in
            (0..<3).map { Self.message("wamid.\(change).\($0)", textLength: 250_000) }
        })

    private static func message(_ id: String, textLength: Int) -> String {
        let text = String(repeating: "x", count: textLength)
        return
            #"{"from":"447700900123","id":"\#(id)","timestamp":"1749416383","type":"text","text":{"body":"\#(text)"}}"#
    }

    private static func body(changes: [[String]]) -> [UInt8] {
        let id = GatewayAccount.myAccount.phoneNumberID
        let metadata = #"{"display_phone_number":"15550783881","phone_number_id":"\#(id)"}"#
        let parts = changes.map { messages in
            #"{"value":{"messaging_product":"whatsapp","metadata":\#(metadata),"#
                + #""messages":[\#(messages.joined(separator: ","))]},"field":"messages"}"#
        }
        return Array(
            (#"{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":"#
                + "[\(parts.joined(separator: ","))]}]}").utf8)
    }
}
