import JSONBytes

/// One recipient of an account: messages to it go one after another, and Meta limits their rate (131056).
struct RecipientPair: Hashable, Sendable {
    /// The phone number without `+`, blanks, `-`, `(` and `)`, a group's id, or a business-scoped user id.
    let key: String

    /// Reads the pair from `to`, else from `recipient`; `nil` where neither names anyone.
    ///
    /// Numbers are taken as they are written: Meta accepts `"to":447700900123` in a `raw` body.
    init?(to: JSONValue?, recipient: JSONValue?) {
        if let number = Self.text(to).map(Self.plain), !number.isEmpty {
            self.key = number
        } else if let id = Self.text(recipient), !id.isEmpty {
            self.key = id
        } else {
            return nil
        }
    }

    private static func text(_ value: JSONValue?) -> String? {
        guard let value else { return nil }
        return value.kind == .number ? String(decoding: value.bytes, as: UTF8.self) : value.string
    }

    /// Takes away how people write a phone number, so that all ways of writing one are one pair.
    private static func plain(_ number: String) -> String {
        var digits = String.UnicodeScalarView()
        for scalar in number.unicodeScalars {
            switch scalar {
            case "+", "-", "(", ")": continue
            case _ where scalar.properties.isWhitespace: continue
            default: digits.append(scalar)
            }
        }
        return String(digits)
    }
}
