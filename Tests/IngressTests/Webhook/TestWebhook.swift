import Addressing
import Testing

@testable import Ingress

/// Webhooks for tests, read with the fixtures' two accounts.
enum TestWebhook {
    static func directory() throws -> AccountDirectory {
        let pairs = [("my_account", "106540352242922"), ("support", "987654321")]
        return AccountDirectory(
            try pairs.map { name, id in
                Account(
                    name: try #require(AccountName(name)), phoneNumberID: try #require(PhoneNumberID(id)),
                    accessToken: nil)
            })
    }

    static func read(_ body: String, maxPayload: Int = 1 << 20) throws -> WebhookEvents {
        try Webhook(body: Array(body.utf8)).events(for: self.directory(), maxPayload: maxPayload)
    }

    static func body(entries: String...) -> String {
        #"{"object":"whatsapp_business_account","entry":[\#(entries.joined(separator: ","))]}"#
    }

    static func entry(id: String = #""7""#, _ changes: String...) -> String {
        #"{"id":\#(id),"changes":[\#(changes.joined(separator: ","))]}"#
    }

    /// A change of an account, with further members of `value` such as `"messages":[]`.
    static func change(field: String = "messages", of id: String = "106540352242922", _ members: String...) -> String {
        let metadata = #""metadata":{"phone_number_id":"\#(id)"}"#
        return #"{"field":"\#(field)","value":{\#(([metadata] + members).joined(separator: ","))}}"#
    }

    /// The events of one change of `my_account`, without its `in.webhook`.
    static func events(_ members: String...) throws -> [InboundEvent] {
        let change =
            #"{"field":"messages","value":{"metadata":{"phone_number_id":"106540352242922"},"#
            + members.joined(separator: ",") + "}}"
        return try Self.read(Self.body(entries: Self.entry(change))).events.filter { $0.kind != .webhook }
    }
}

extension InboundEvent {
    var text: String { String(decoding: self.payload, as: UTF8.self) }

    subscript(header name: String) -> String? {
        self.headers.first { $0.name == name }?.value
    }

    /// As NATS puts headers and payload on the wire.
    var wireSize: Int {
        let traceparent = ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        let headers = self.headers + [("Nats-Msg-Id", self.messageID), traceparent]
        let block = headers.reduce("NATS/1.0\r\n") { $0 + "\($1.0): \($1.1)\r\n" } + "\r\n"
        return block.utf8.count + self.payload.count
    }
}
