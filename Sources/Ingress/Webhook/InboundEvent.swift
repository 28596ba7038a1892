import Addressing
import NATSClient
import TraceContext

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

    /// Room for what the publisher adds: `traceparent: 00-<32 digits>-<16 digits>-<2 digits>` and its line's end; what
    /// a trace has beyond that is taken off what an event may have.
    static let roomForTraceparent = 70

    let kind: Kind
    /// The account concerned; nil under `whatsapp.event.>`.
    let account: AccountName?
    /// What is published; the payload shares the storage of the body, but for envelopes of a part of it.
    private(set) var message: OutgoingMessage

    /// - Parameters:
    ///   - messageID: the value of `Nats-Msg-Id`.
    ///   - headers: those besides `Nats-Msg-Id` and the trace's, their values ready for the wire.
    init(
        kind: Kind, account: AccountName?, subject: String, messageID: String, headers: [NATSHeader],
        payload: ArraySlice<UInt8>
    ) {
        var all: [NATSHeader] = []
        // With room for a trace's, so that no event's headers are moved for them.
        all.reserveCapacity(headers.count + 3)
        all.append(NATSHeader("Nats-Msg-Id", messageID))
        all.append(contentsOf: headers)
        self.kind = kind
        self.account = account
        self.message = OutgoingMessage(subject: subject, headers: all, payload: payload)
    }

    var subject: String { self.message.subject }
    /// The value of `Nats-Msg-Id`.
    var messageID: String { self.message.headers[0].value }
    /// The headers besides `Nats-Msg-Id` and the trace's.
    var headers: ArraySlice<NATSHeader> { self.message.headers.dropFirst() }
    var payload: ArraySlice<UInt8> { self.message.payload }

    /// The bytes that count against the server's `max_payload`: headers, `traceparent` among them, and payload.
    var size: Int {
        var size = NATSHeader.blockSize + Self.roomForTraceparent + self.message.payload.count
        for header in self.message.headers { size += NATSHeader.lineSize(header.name, header.value) }
        return size
    }

    /// Adds the headers of a trace; once, after the event's size has been looked at.
    mutating func add(_ trace: TraceHeaders) {
        if let traceparent = trace.traceparent { self.message.headers.append(NATSHeader("traceparent", traceparent)) }
        if let tracestate = trace.tracestate { self.message.headers.append(NATSHeader("tracestate", tracestate)) }
    }
}
