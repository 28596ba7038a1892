/// The name of an account as it stands in subjects, metrics and logs, such as `my_account` for `WA_MY_ACCOUNT`.
///
/// It matches `[a-z0-9_-]{1,64}` and is neither `event` nor `per_second`, which the subjects `whatsapp.event.>` and the
/// variable `EGRESS_RATE_PER_SECOND` have taken.
package struct AccountName: Hashable, Sendable {
    package let value: String

    /// Fails for a text that cannot be an account's name; upper case is not folded here.
    package init?(_ value: String) {
        let bytes = value.utf8
        guard (1...64).contains(bytes.count), bytes.allSatisfy(Self.allows) else { return nil }
        guard !Self.reserved.contains(value) else { return nil }
        self.value = value
    }

    /// The names that no account can have.
    package static let reserved: Set<String> = ["event", "per_second"]

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}

extension AccountName: Comparable, CustomStringConvertible {
    package static func < (left: Self, right: Self) -> Bool {
        left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
    }

    package var description: String { self.value }
}
