@testable import Addressing
@testable import Ingress
@testable import JSONBytes
@testable import NATSClient
@testable import Settings
@testable import TraceContext

/// The parts of a webhook's way, from its bytes to messages for NATS.
enum InboundCases {
    static func all() throws -> [MicroCase] {
        let one = SampleWebhook(messages: 1)
        let thousand = SampleWebhook(messages: 1000)
        return [
            try Self.scanning("scan-1", one), try Self.scanning("scan-1000", thousand),
            try Self.checking("hmac-1", one), try Self.checking("hmac-1000", thousand),
            try Self.slicing("slice-1", one), try Self.slicing("slice-1000", thousand),
            try Self.heading("headers", one),
        ]
    }

    /// The bytes are one JSON text.
    private static func scanning(_ name: String, _ webhook: SampleWebhook) throws -> MicroCase {
        try MicroCase(name) { use(try JSONDocument(validating: webhook.body)) }
    }

    /// One of the app secrets has signed them.
    private static func checking(_ name: String, _ webhook: SampleWebhook) throws -> MicroCase {
        let check = SignatureCheck(secrets: [Secret(SampleWebhook.secret)])
        return try MicroCase(name) {
            guard let claim = check.claim(in: webhook.signature), check.accepts(webhook.body, claiming: claim) else {
                throw MicroError("a right signature is refused")
            }
        }
    }

    /// From checked bytes to events: validates, cuts, names.
    private static func slicing(_ name: String, _ webhook: SampleWebhook) throws -> MicroCase {
        let directory = try Self.directory()
        return try MicroCase(name) {
            use(try Webhook(body: webhook.body).events(for: directory, maxPayload: 4 << 20))
        }
    }

    /// The three events of a message, made into messages for NATS with a trace of their own.
    private static func heading(_ name: String, _ webhook: SampleWebhook) throws -> MicroCase {
        let events = try Webhook(body: webhook.body).events(for: Self.directory(), maxPayload: 4 << 20)
        return MicroCase(name) {
            use(events.messages(in: TraceHeaders.begun()))
        }
    }

    private static func directory() throws -> AccountDirectory {
        guard let name = AccountName("demo"), let id = PhoneNumberID(SampleWebhook.phoneNumberID) else {
            throw MicroError("no account")
        }
        return AccountDirectory([Account(name: name, phoneNumberID: id, accessToken: nil)])
    }
}

/// A case does not do what it is to measure.
struct MicroError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
