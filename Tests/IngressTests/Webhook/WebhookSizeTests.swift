import Addressing
import Testing

@testable import Ingress

@Suite struct WebhookSizeTests {
    private func message(_ id: String, bytes: Int) -> String {
        #"{"id":"\#(id)","pad":"\#(String(repeating: "x", count: bytes))"}"#
    }

    /// Three entries: 3 changes of 1,000 bytes, 1 change of 1,000 bytes, 1 change of `support`.
    private func entries() -> [String] {
        func change(_ id: String, of account: String = "106540352242922") -> String {
            TestWebhook.change(of: account, #""messages":[\#(self.message(id, bytes: 1000))]"#)
        }
        let first = [change("a"), change("b"), change("s", of: "987654321")].joined(separator: ",")
        return [
            #"{"id":"7","time":1,"changes":[\#(first)]}"#, TestWebhook.entry(id: "\"8\"", change("c")),
            TestWebhook.entry(id: "\"9\"", change("t", of: "987654321")),
        ]
    }

    private func body() -> String {
        TestWebhook.body(entries: self.entries().joined(separator: ","))
    }

    @Test func `An event fits to the byte, and one byte less refuses the whole body`() throws {
        let body = TestWebhook.body(
            entries: TestWebhook.entry(
                TestWebhook.change(#""messages":[{"id":"a"},\#(self.message("b", bytes: 3000))]"#)))
        let needed = try #require(
            try TestWebhook.read(body).events.filter { $0.kind != .webhook }.map(\.wireSize).max())
        #expect(try TestWebhook.read(body, maxPayload: needed).events.filter { $0.kind != .webhook }.count == 4)
        let error = #expect(throws: WebhookError.self) { try TestWebhook.read(body, maxPayload: needed - 1) }
        #expect(error?.code == .tooLarge(needed: needed))
        #expect(error?.message.contains("\(needed)") == true)
    }

    @Test func `The whole body fits to the byte, and is split by one byte less`() throws {
        let body = self.body()
        let webhooks = try TestWebhook.read(body).events.filter { $0.kind == .webhook }
        #expect(webhooks.map(\.text) == [body, body])
        let needed = try #require(webhooks.map(\.wireSize).max())
        #expect(
            try TestWebhook.read(body, maxPayload: needed).events.filter { $0.kind == .webhook }.map(\.text)
                == [body, body])
        #expect(
            try TestWebhook.read(body, maxPayload: needed - 1).events.filter { $0.kind == .webhook }.map(\.text)
                != [body, body])
    }

    @Test func `A body that does not fit becomes an envelope for each entry`() throws {
        let read = try TestWebhook.read(self.body(), maxPayload: 5000)
        let webhooks = read.events.filter { $0.kind == .webhook }
        let envelopes = self.entries().map { #"{"object":"whatsapp_business_account","entry":[\#($0)]}"# }
        #expect(webhooks.map { $0.account?.value } == ["my_account", "support", "my_account", "support"])
        #expect(webhooks.map(\.text) == [envelopes[0], envelopes[0], envelopes[1], envelopes[2]])
        #expect(read.omittedCopies.isEmpty)
        for event in webhooks {
            let hash = ContentHash.hex(of: event.payload)
            #expect(event.messageID == "\(event.account?.value ?? "?"):webhook:\(hash)")
            #expect(event.headers.map(\.name) == ["Wa-Phone-Number-Id"])
            _ = try Webhook(body: Array(event.payload))
        }
    }

    @Test func `An entry that does not fit becomes an envelope for each change`() throws {
        let read = try TestWebhook.read(self.body(), maxPayload: 1800)
        let webhooks = read.events.filter { $0.kind == .webhook }
        #expect(webhooks.map { $0.account?.value } == ["my_account", "my_account", "support", "my_account", "support"])
        let start =
            #"{"object":"whatsapp_business_account","entry":[{"id":"7","time":1,"changes":[{"field":"messages","#
        for event in webhooks.prefix(3) {
            #expect(event.text.hasPrefix(start))
            #expect(event.text.hasSuffix("}]}]}"))
            let again = try TestWebhook.read(event.text, maxPayload: 1 << 20).events
            #expect(again.map(\.kind) == [.webhook, .message, .messageOfType])
        }
        #expect(read.omittedCopies.isEmpty)
        #expect(read.events.allSatisfy { $0.wireSize <= 1800 })
        #expect(read.events.filter { $0.kind == .message }.count == 5)
    }

    @Test func `A change that does not fit has its events and no copy, which is counted`() throws {
        let change = TestWebhook.change(
            #""messages":[\#(self.message("a", bytes: 1000)),\#(self.message("b", bytes: 1000))]"#)
        let small = TestWebhook.change(#""messages":[\#(self.message("c", bytes: 10))]"#)
        let body = TestWebhook.body(entries: TestWebhook.entry(change, small))
        let read = try TestWebhook.read(body, maxPayload: 1800)
        #expect(
            read.events.map(\.kind) == [
                .message, .messageOfType, .message, .messageOfType, .webhook, .message, .messageOfType,
            ])
        #expect(read.omittedCopies.map { "\($0.key): \($0.value)" } == ["my_account: 1"])
    }

    @Test func `An entry's large members are not multiplied by its changes`() throws {
        let changes = (0..<1000).map { TestWebhook.change(#""messages":[{"id":"\#($0)"}]"#) }
        let pad = String(repeating: "x", count: 50_000)
        let body = TestWebhook.body(entries: #"{"pad":"\#(pad)","changes":[\#(changes.joined(separator: ","))]}"#)
        let read = try TestWebhook.read(body, maxPayload: 60_000)
        let copied = read.events.filter { $0.kind == .webhook }.reduce(0) { $0 + $1.payload.count }
        #expect(copied <= 4 * body.utf8.count)
        #expect(read.events.filter { $0.kind == .message }.count == 1000)
        #expect(read.omittedCopies.values.reduce(0, +) == 1000 - read.events.filter { $0.kind == .webhook }.count)
    }

    @Test func `Many messages beside many contacts take linear time`() throws {
        let count = 20_000
        let contacts = (0..<count).map { #"{"wa_id":"\#($0)","profile":{"name":"n\#($0)"}}"# }
        let messages = (0..<count).map { #"{"from":"\#($0)","id":"m\#($0)"}"# }
        let events = try TestWebhook.events(
            "\"contacts\":[\(contacts.joined(separator: ","))]", "\"messages\":[\(messages.joined(separator: ","))]")
        #expect(events.count == 2 * count)
        #expect(events.last?[header: "Wa-Contact-Name"] == "n\(count - 1)")
    }
}
