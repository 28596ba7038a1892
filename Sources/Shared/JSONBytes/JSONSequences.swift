/// The members of an object, in the document's order.
package struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    private var walk: JSONWalk

    init(of value: JSONValue) {
        self.walk = JSONWalk(value, if: .object)
    }

    package mutating func next() -> (key: JSONValue, value: JSONValue)? {
        guard let key = self.walk.next(), let value = self.walk.next() else { return nil }
        return (key, value)
    }
}

/// The elements of an array, in the document's order.
package struct JSONElements: Sequence, IteratorProtocol, Sendable {
    private var walk: JSONWalk

    init(of value: JSONValue) {
        self.walk = JSONWalk(value, if: .array)
    }

    package mutating func next() -> JSONValue? {
        self.walk.next()
    }
}

/// Steps from value to value inside one container.
private struct JSONWalk: Sendable {
    private let document: [UInt8]
    private var position: Int
    /// Just before the container's closing bracket.
    private let end: Int

    init(_ container: JSONValue, if kind: JSONValue.Kind) {
        self.document = container.document
        let isWelcome = container.kind == kind
        self.position = isWelcome ? container.range.lowerBound + 1 : container.range.upperBound
        self.end = container.range.upperBound - 1
    }

    mutating func next() -> JSONValue? {
        let found = self.document.withUnsafeBufferPointer { text -> Range<Int>? in
            var cursor = JSONCursor(text: text, position: self.position)
            cursor.skipSeparators()
            return cursor.position < self.end ? cursor.value() : nil
        }
        guard let found else { return nil }
        self.position = found.upperBound
        return JSONValue(document: self.document, range: found)
    }
}
