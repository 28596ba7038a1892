/// The last token of an inbound subject where Meta names it: a message's `type` or a change's `field`.
///
/// A value that cannot stand in a subject, or would claim one of the gateway's own, is `unknown`.
package struct InboundToken: Hashable, Sendable {
    package let value: String

    package static let unknown = InboundToken(checked: "unknown")

    /// A message's `type`: taken when it matches `[A-Za-z0-9_-]{1,64}`, `unknown` otherwise.
    package init(messageType type: String?) {
        self = type.flatMap(Self.init(matching:)) ?? .unknown
    }

    /// A change's `field`: taken when it matches `[A-Za-z0-9_-]{1,64}` and is no word of the gateway's own (`webhook`,
    /// `message`, `status`, `error`, `media`), `unknown` otherwise.
    package init(changeField field: String?) {
        guard let token = field.flatMap(Self.init(matching:)), !Self.isReserved(token.value) else {
            self = .unknown
            return
        }
        self = token
    }

    private static func isReserved(_ value: String) -> Bool {
        switch value {
        case "webhook", "message", "status", "error", "media": true
        default: false
        }
    }

    private init(checked value: String) {
        self.value = value
    }

    private init?(matching value: String) {
        let bytes = value.utf8
        guard (1...64).contains(bytes.count), bytes.allSatisfy(Self.allows) else { return nil }
        self.value = value
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

extension InboundToken: CustomStringConvertible {
    package var description: String { self.value }
}
