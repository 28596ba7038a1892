import Addressing
import NATSClient

/// One thing to be published: a slice of a webhook's body, where it goes, and what is said of it.
struct InboundEvent: Sendable {
    /// What the event is.
    enum Kind: Int, Hashable, Sendable, CaseIterable {
        /// A whole body, or an envelope of a part of it.
        case webhook
        case message
        /// The copy of a message under the subject of its type.
        case messageOfType
        case status
        case error
        /// A change of another field than `messages`.
        case field
        /// A change for a phone number ID that no account has.
        case unrouted
    }

    typealias Header = (name: String, value: String)

    /// Room for what the publisher adds: `traceparent: 00-<32 digits>-<16 digits>-<2 digits>` and its line's end; what
    /// a trace has beyond that is taken off what an event may have.
    static let roomForTraceparent = 70

    let kind: Kind
    /// The account concerned; nil under `whatsapp.event.>`.
    let account: AccountName?
    let subject: String
    /// The value of `Nats-Msg-Id`.
    let messageID: String
    /// The headers besides `Nats-Msg-Id` and `traceparent`, their values ready for the wire.
    let headers: [Header]
    /// Shares the storage of the body, but for envelopes of a part of it.
    let payload: ArraySlice<UInt8>

    /// The bytes that count against the server's `max_payload`: headers, `traceparent` among them, and payload.
    var size: Int {
        let lines = self.headers.reduce(NATSHeader.lineSize("Nats-Msg-Id", self.messageID)) { sum, header in
            sum + NATSHeader.lineSize(header.name, header.value)
        }
        return NATSHeader.blockSize + lines + Self.roomForTraceparent + self.payload.count
    }
}
