import Addressing
import Testing

@testable import Ingress

@Suite struct WebhookRoutingTests {
    private func only(_ change: String) throws -> InboundEvent {
        let events = try TestWebhook.read(TestWebhook.body(entries: TestWebhook.entry(change))).events
        #expect(events.count == 1)
        return try #require(events.first)
    }

    @Test(arguments: [
        (#""text""#, "text"), (#""Aa0_-""#, "Aa0_-"), (#""te\u0078t""#, "text"), (#""unknown""#, "unknown"),
        (#""status""#, "status"), (#""a.b""#, "unknown"), (#""*""#, "unknown"), (#"">""#, "unknown"),
        (#""""#, "unknown"),
        (#""a b""#, "unknown"), (#""é""#, "unknown"), ("null", "unknown"), ("7", "unknown"), (#"{"a":1}"#, "unknown"),
    ])
    func `A type that is no subject token is unknown`(type: String, token: String) throws {
        let events = try TestWebhook.events(#""messages":[{"id":"a","type":\#(type)}]"#)
        #expect(
            events.map(\.subject) == ["whatsapp.my_account.in.message", "whatsapp.my_account.in.message.\(token)"])
        #expect(events.map(\.messageID) == ["my_account:message:a", "my_account:message.\(token):a"])
    }

    @Test(arguments: [(64, true), (65, false)])
    func `A type of 64 letters is a token, one of 65 is unknown`(length: Int, isToken: Bool) throws {
        let type = String(repeating: "t", count: length)
        let events = try TestWebhook.events(#""messages":[{"id":"a","type":"\#(type)"}]"#)
        #expect(events.last?.subject == "whatsapp.my_account.in.message." + (isToken ? type : "unknown"))
    }

    @Test(arguments: [
        (#""field":"calls","#, "calls"), (#""field":"Some-New_field","#, "Some-New_field"), ("", "unknown"),
        (#""field":null,"#, "unknown"), (#""field":["messages"],"#, "unknown"), (#""field":"","#, "unknown"),
        (#""field":"a.b","#, "unknown"), (#""field":">","#, "unknown"), (#""field":"webhook","#, "unknown"),
        (#""field":"message","#, "unknown"), (#""field":"status","#, "unknown"), (#""field":"error","#, "unknown"),
        (#""field":"media","#, "unknown"), (#""field":"messages ","#, "unknown"), (#""field":"Messages","#, "Messages"),
    ])
    func `Another field goes to the account's subject of its name, its value whole`(
        field: String, token: String
    ) throws {
        let value = #"{"metadata":{"phone_number_id":"987654321"},"messages":[{"id":"a"}],"errors":[{"code":1}]}"#
        let body = TestWebhook.body(entries: TestWebhook.entry("{\(field)\"value\": \(value) }"))
        let events = try TestWebhook.read(body).events
        #expect(events.map(\.subject) == ["whatsapp.support.in.webhook", "whatsapp.support.in.\(token)"])
        #expect(events.map(\.text) == [body, value])
        #expect(events.last?.messageID == "support:field:\(token):\(ContentHash.hex(of: Array(body.utf8)[...])):0")
        #expect(events.last?[header: "Wa-Phone-Number-Id"] == "987654321")
        #expect(events.last?[header: "Wa-Business-Account-Id"] == "7")
    }

    @Test(arguments: [
        (#""field":"account_update","#, "account_update"), (#""field":"status","#, "unknown"), ("", "unknown"),
    ])
    func `Another field without a phone number ID goes to the events of no account`(
        field: String, token: String
    ) throws {
        for value in [#"{"event":"x"}"#, #"{"metadata":{}}"#, #"{"metadata":null}"#, "\"x\"", "null", "[1]"] {
            let body = TestWebhook.body(entries: TestWebhook.entry("{\(field)\"value\":\(value)}"))
            let event = try #require(try TestWebhook.read(body).events.first)
            #expect(event.subject == "whatsapp.event.\(token)")
            #expect(event.text == value)
            #expect(event.messageID == "event:field:\(token):\(ContentHash.hex(of: Array(body.utf8)[...])):0")
            #expect(event.headers.map(\.name) == ["Wa-Business-Account-Id"])
        }
    }

    @Test(
        arguments: [
            (#""555000111""#, "555000111", "555000111"), (#""10654035224292""#, "10654035224292", "10654035224292"),
            (#""""#, "none", nil), ("106540352242922", "none", nil), ("null", "none", nil),
            (#""a\nb""#, "a%0Ab", "a%0Ab"),
        ] as [(String, String, String?)])
    func `A change for an unknown phone number ID is unrouted, whatever its field`(
        id: String, warned: String, header: String?
    ) throws {
        for field in ["messages", "calls", "webhook"] {
            let change =
                #"{"value":{"metadata":{"phone_number_id":\#(id)},"messages":[{"id":"a"}]},"field":"\#(field)"}"#
            let read = try TestWebhook.read(TestWebhook.body(entries: TestWebhook.entry(change)))
            #expect(read.unroutedPhoneNumberIDs == [warned])
            let event = try #require(read.events.first)
            #expect(read.events.count == 1)
            #expect(event.subject == "whatsapp.event.unrouted")
            #expect(event.text == change)
            #expect(event.account == nil)
            #expect(event[header: "Wa-Phone-Number-Id"] == header)
            #expect(event.messageID.hasPrefix("event:field:unrouted:"))
        }
    }

    @Test(arguments: [
        #"{"field":"messages"}"#, #"{"field":"messages","value":{}}"#, #"{"field":"messages","value":[]}"#,
        #"{"field":"messages","value":{"metadata":{},"messages":[{"id":"a"}]}}"#,
        #"{"field":"messages","value":{"metadata":[]}}"#, #"{"field":"calls"}"#, "{}",
    ])
    func `A messages change without a phone number ID, or any without a value, is unrouted`(change: String) throws {
        let event = try self.only(change)
        #expect(event.subject == "whatsapp.event.unrouted")
        #expect(event.text == change)
    }

    @Test func `Each account concerned gets the whole body once`() throws {
        let mine = TestWebhook.change(#""messages":[]"#)
        let theirs = TestWebhook.change(field: "calls", of: "987654321")
        let body = TestWebhook.body(
            entries: TestWebhook.entry(mine, theirs, mine), TestWebhook.entry(theirs, mine))
        let events = try TestWebhook.read(body).events.filter { $0.kind == .webhook }
        let hash = ContentHash.hex(of: Array(body.utf8)[...])
        #expect(events.map(\.messageID) == ["my_account:webhook:\(hash)", "support:webhook:\(hash)"])
        #expect(events.map(\.text) == [body, body])
        #expect(events.map { $0.headers.map(\.value) } == [["106540352242922"], ["987654321"]])
    }

    @Test func `Changes are counted over the whole body, whosever they are`() throws {
        let mine = TestWebhook.change(field: "calls")
        let unknown = TestWebhook.change(of: "1")
        let nobodys = #"{"field":"flows","value":{}}"#
        let body = TestWebhook.body(
            entries: TestWebhook.entry(TestWebhook.change(), mine), TestWebhook.entry(unknown, "null", nobodys),
            TestWebhook.entry(mine))
        let indices = try TestWebhook.read(body).events.filter { $0.kind != .webhook }
            .compactMap { $0.messageID.split(separator: ":").last }
        #expect(indices == ["1", "2", "3", "4"])
    }
}
