/// What the text of a variable must look like, and what it then means.
package struct ValueForm<Value: Sendable>: Sendable {
    /// What fits behind the word 'expected', such as `a whole number from 1 to 65535`.
    package let expected: String
    /// Whether a value, even a wrong one, may hold a secret and is never shown.
    package let isSecret: Bool
    /// The meaning of a text that is not empty; nil when it is malformed or out of range.
    package let parse: @Sendable (String) -> Value?

    package init(expected: String, isSecret: Bool = false, parse: @escaping @Sendable (String) -> Value?) {
        self.expected = expected
        self.isSecret = isSecret
        self.parse = parse
    }

    /// The same form for a variable that may be absent.
    var optional: ValueForm<Value?> {
        ValueForm<Value?>(expected: self.expected, isSecret: self.isSecret) { [parse] in parse($0).map(Optional.some) }
    }
}

extension ValueForm where Value: CaseIterable & RawRepresentable<String> {
    /// One of the words of an enumeration, spelled exactly so.
    static var choice: Self {
        let words = Value.allCases.map(\.rawValue)
        let expected = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        return Self(expected: expected) { Value(rawValue: $0) }
    }
}

extension ValueForm<Bool> {
    static var boolean: Self {
        Self(expected: "true or false") { ["true": true, "false": false][$0] }
    }
}
