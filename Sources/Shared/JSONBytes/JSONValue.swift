/// One value of a ``JSONDocument``: a slice of its bytes that shares their storage.
package struct JSONValue: Sendable {
    /// The six kinds of RFC 8259, `true` and `false` being one.
    package enum Kind: Hashable, Sendable { case object, array, string, number, bool, null }

    /// All bytes of the document.
    let document: [UInt8]
    /// Where the value is in the document, in bytes, without the white space around it.
    package let range: Range<Int>

    init(document: [UInt8], range: Range<Int>) {
        self.document = document
        self.range = range
    }

    /// What the value is, told by its first byte.
    package var kind: Kind {
        switch self.document[self.range.lowerBound] {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        case UInt8(ascii: "n"): .null
        default: .number
        }
    }

    /// The value as it stands in the document, byte for byte; the slice's indices are those of `range`.
    package var bytes: ArraySlice<UInt8> {
        self.document[self.range]
    }

    /// An object's member by its decoded key, the last one where a key is repeated; nil for what is no object.
    ///
    /// Takes time linear in the object's length; ``members(_:)`` finds several at that price.
    package subscript(key: String) -> JSONValue? {
        guard self.kind == .object else { return nil }
        var key = key
        let found = key.withUTF8 { key in
            self.document.withUnsafeBufferPointer { text in
                var found: Range<Int>?
                Self.forEachMember(of: self.range, in: text) { name, value in
                    if name.equals(key) { found = value }
                }
                return found
            }
        }
        return found.map { JSONValue(document: self.document, range: $0) }
    }

    /// Several members of an object at once, in the order of the keys; what `subscript` finds, in one walk for them all.
    package func members(_ keys: [StaticString]) -> [JSONValue?] {
        var found = [JSONValue?](repeating: nil, count: keys.count)
        guard self.kind == .object else { return found }
        self.document.withUnsafeBufferPointer { text in
            Self.forEachMember(of: self.range, in: text) { name, value in
                for (index, key) in keys.enumerated() where key.withUTF8Buffer({ name.equals($0) }) {
                    found[index] = JSONValue(document: self.document, range: value)
                }
            }
        }
        return found
    }

    @inline(__always)
    private static func forEachMember(
        of object: Range<Int>, in text: UnsafeBufferPointer<UInt8>, _ body: (JSONText, Range<Int>) -> Void
    ) {
        var cursor = JSONCursor(text: text, position: object.lowerBound + 1)
        while true {
            cursor.skipSeparators()
            guard cursor.next == UInt8(ascii: "\"") else { return }
            let name = cursor.value()
            cursor.skipSeparators()
            body(JSONText(of: name, in: text), cursor.value())
        }
    }

    /// An object's members in the document's order, repeated keys included; none for what is no object.
    package var members: JSONMembers {
        JSONMembers(of: self)
    }

    /// An array's elements in the document's order; none for what is no array.
    package var elements: JSONElements {
        JSONElements(of: self)
    }

    /// A string's text, decoded, with U+FFFD for each lone surrogate; nil for what is no string.
    package var string: String? {
        guard self.kind == .string else { return nil }
        return self.document.withUnsafeBufferPointer { JSONText(of: self.range, in: $0).decoded }
    }

    /// Whether the value is a string with this decoded text; allocates nothing.
    package func isString(_ text: StaticString) -> Bool {
        guard self.kind == .string else { return false }
        return self.document.withUnsafeBufferPointer { document in
            text.withUTF8Buffer { JSONText(of: self.range, in: document).equals($0) }
        }
    }

    /// Nil for what is neither `true` nor `false`.
    package var bool: Bool? {
        self.kind == .bool ? self.document[self.range.lowerBound] == UInt8(ascii: "t") : nil
    }

    /// Whether the value is `null`; a member that is missing is another thing.
    package var isNull: Bool {
        self.kind == .null
    }

    /// A number written as an integer, such as `-12`, that fits `Int`; nil for `1.0`, `1e3` and what is no number.
    package var int: Int? {
        guard self.kind == .number else { return nil }
        let isNegative = self.document[self.range.lowerBound] == UInt8(ascii: "-")
        var result = 0
        for byte in self.document[self.range].dropFirst(isNegative ? 1 : 0) {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
            let digit = Int(byte &- UInt8(ascii: "0"))
            let (product, overflow) = result.multipliedReportingOverflow(by: 10)
            // Summed downwards, so that Int.min can be read.
            let (sum, carry) = product.subtractingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            result = sum
        }
        if isNegative { return result }
        return result == .min ? nil : -result
    }
}
