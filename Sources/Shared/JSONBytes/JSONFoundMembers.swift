/// The members of an object that were asked for, in the order of their keys; no heap memory is taken for them.
package struct JSONFoundMembers: Sendable {
    /// As many can be asked for at once.
    package static let limit = 6

    private let document: [UInt8]
    /// Empty where there is no member, which no value is.
    private var ranges = InlineArray<6, Range<Int>>(repeating: 0..<0)

    init(document: [UInt8]) {
        self.document = document
    }

    mutating func note(_ value: Range<Int>, at index: Int) {
        self.ranges[index] = value
    }

    /// The member of the key at this place; nil where there is none.
    package subscript(index: Int) -> JSONValue? {
        let range = self.ranges[index]
        return range.isEmpty ? nil : JSONValue(document: self.document, range: range)
    }
}
