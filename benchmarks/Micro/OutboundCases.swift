@testable import Addressing
@testable import Egress

/// The wrapping of a send: from a NATS payload to the call that Graph is to get.
enum OutboundCases {
    static func all() throws -> [MicroCase] {
        [
            try Self.wrapping("wrap-text", "sendMessage", #"{"to":"447700900123","text":"Yes, it is."}"#),
            try Self.wrapping(
                "wrap-template", "sendTemplate",
                """
                {"to":"447700900123","template":{"name":"order_shipped","language":{"code":"en_GB"},"components":[{\
                "type":"body","parameters":[{"type":"text","text":"Anna"},{"type":"text","text":"4711"}]}]}}
                """),
            try Self.wrapping(
                "wrap-raw", "raw", #"{"body":{"to":"447700900123","type":"text","text":{"body":"Yes."}}}"#),
        ]
    }

    private static func wrapping(_ name: String, _ action: String, _ payload: String) throws -> MicroCase {
        guard let id = PhoneNumberID(SampleWebhook.phoneNumberID) else { throw MicroError("no phone number ID") }
        let bytes = Array(payload.utf8)
        return try MicroCase(name) { use(try OutboundCall(action: action, payload: bytes, from: id)) }
    }
}
