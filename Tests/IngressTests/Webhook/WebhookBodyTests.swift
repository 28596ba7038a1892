import Testing

@testable import Ingress

@Suite struct WebhookBodyTests {
    @Test(arguments: [
        "", "x", "null", "[]", "{}", #"{"entry":{}}"#, #"{"entry":null}"#, #"{"entry":[]"#, #"[{"entry":[]}]"#,
        #"{"entry":[],"entry":{}}"#, #"{"object":"whatsapp_business_account"}"#,
        "\u{FEFF}" + #"{"entry":[]}"#,
        #"{"entry":"# + String(repeating: "[", count: 128) + String(repeating: "]", count: 128) + "}",
    ])
    func `A body that is no JSON object with an entry array is malformed`(body: String) {
        let error = #expect(throws: WebhookError.self) { try TestWebhook.read(body) }
        #expect(error?.code == .malformed)
    }

    @Test func `A body that is no UTF-8 is malformed`() {
        let body = Array(#"{"entry":[],"x":""#.utf8) + [0xC3] + Array(#""}"#.utf8)
        let error = #expect(throws: WebhookError.self) { try Webhook(body: body) }
        #expect(error?.code == .malformed)
    }

    @Test func `A body nested 128 levels deep is read`() throws {
        let deep =
            #"{"object":"whatsapp_business_account","entry":"#
            + String(repeating: "[", count: 127) + String(repeating: "]", count: 127) + "}"
        #expect(try TestWebhook.read(deep).events.isEmpty)
    }

    @Test(arguments: [
        (#"{"object":"page","entry":[ENTRY]}"#, "page"), (#"{"entry":[ENTRY]}"#, "none"),
        (#"{"object":null,"entry":[ENTRY]}"#, "none"), (#"{"object":"a\nb","entry":[ENTRY]}"#, "a%0Ab"),
        (#"{"object":"whatsapp_business_account","object":"page","entry":[ENTRY]}"#, "page"),
    ])
    func `A body of another object leads to nothing, and says so`(template: String, object: String) throws {
        let entry = TestWebhook.entry(TestWebhook.change(#""messages":[{"id":"a"}]"#))
        let events = try TestWebhook.read(template.replacing("ENTRY", with: entry))
        #expect(events.events.isEmpty)
        #expect(events.foreignObject == object)
    }

    @Test func `Keys and words written with escapes mean the same`() throws {
        let body = #"""
            {"\u006fbject":"whatsapp\u005fbusiness_account","\u0065ntry":[{"changes":[{"fi\u0065ld":"m\u0065ssages",
            "value":{"metad\u0061ta":{"phone_number_id":"10654035224292\u0032"},"\u006dessages":[{"\u0069d":"a"}]}}]}]}
            """#
        let events = try TestWebhook.read(body).events
        #expect(events.map(\.messageID).dropFirst() == ["my_account:message:a", "my_account:message.unknown:a"])
    }

    @Test(arguments: ["null", "[]", "1", "\"x\"", "[[]]", "true"])
    func `Elements that are no objects are passed over, wherever they stand`(other: String) throws {
        let good = #"{"id":"a","type":"text"}"#
        let messages = #""messages":[\#(other),\#(good),\#(other)],"statuses":[\#(other)],"errors":[\#(other)]"#
        let change = TestWebhook.change(#""contacts":[\#(other)]"#, messages)
        let entry = TestWebhook.entry(other, change, other)
        let events = try TestWebhook.read(TestWebhook.body(entries: other, entry, other)).events
        #expect(events.map(\.kind) == [.webhook, .message, .messageOfType])
        #expect(events.last?.text == good)
    }

    @Test(arguments: ["{}", "null", "\"x\"", "7"])
    func `What should be an array and is none holds no events`(other: String) throws {
        let members = #""contacts":\#(other),"messages":\#(other),"statuses":\#(other),"errors":\#(other)"#
        let events = try TestWebhook.read(
            TestWebhook.body(entries: TestWebhook.entry(TestWebhook.change(members)), #"{"changes":\#(other)}"#))
        #expect(events.events.map(\.kind) == [.webhook])
    }

    @Test func `Events come in the order in which they stand in the body`() throws {
        let first = TestWebhook.change(
            #""errors":[{"code":1}],"statuses":[{"id":"s"}],"messages":[{"id":"m"},{"id":"n"}]"#)
        let second = TestWebhook.change(field: "calls", of: "987654321")
        let third = TestWebhook.change(of: "987654321", #""messages":[{"id":"o"}],"errors":[{"code":2}]"#)
        let body = TestWebhook.body(entries: TestWebhook.entry(first), TestWebhook.entry(second, third))
        #expect(
            try TestWebhook.read(body).events.map(\.subject) == [
                "whatsapp.my_account.in.webhook", "whatsapp.my_account.in.error", "whatsapp.my_account.in.status",
                "whatsapp.my_account.in.message", "whatsapp.my_account.in.message.unknown",
                "whatsapp.my_account.in.message", "whatsapp.my_account.in.message.unknown",
                "whatsapp.support.in.webhook", "whatsapp.support.in.calls",
                "whatsapp.support.in.message", "whatsapp.support.in.message.unknown", "whatsapp.support.in.error",
            ])
    }

    @Test func `Every payload is a slice of the body, byte for byte`() throws {
        let message = "{ \"id\" : \"a\" ,\t\"n\":1.50, \"t\":\"\\u0041\\/\", \"id\":\"b\" }"
        let events = try TestWebhook.events("\"messages\": [ \(message) ]")
        #expect(events.map(\.text) == [message, message])
        #expect(events.first?.messageID == "my_account:message:b")
    }

    @Test func `A body of more events than any webhook of Meta's is refused whole`() {
        let messages = Array(repeating: "{}", count: WebhookEvents.limit / 2).joined(separator: ",")
        let error = #expect(throws: WebhookError.self) { try TestWebhook.events("\"messages\":[\(messages)]") }
        #expect(error?.code == .tooManyEvents)
    }
}
