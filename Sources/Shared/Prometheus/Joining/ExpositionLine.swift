/// One line of a text, from left to right.
struct ExpositionLine {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.rest = bytes
    }

    var isAtEnd: Bool { self.rest.isEmpty }
    var isAtBlank: Bool { self.rest.first.map(Self.isBlank) ?? false }

    /// What follows, without the blanks at its end.
    var restWithoutBlanks: ArraySlice<UInt8> {
        guard let last = self.rest.lastIndex(where: { !Self.isBlank($0) }) else { return [] }
        return self.rest[...last]
    }

    /// Whether what follows is text in which backslashes are escaped.
    var isHelpText: Bool {
        var isEscaped = false
        for byte in self.rest {
            if isEscaped {
                guard byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "n") else { return false }
                isEscaped = false
            } else {
                isEscaped = byte == UInt8(ascii: "\\")
            }
        }
        return !isEscaped
    }

    mutating func skipBlanks() {
        self.rest = self.rest.drop(while: Self.isBlank)
    }

    /// - Returns: whether the byte was there.
    mutating func skip(_ byte: UInt8) -> Bool {
        guard self.rest.first == byte else { return false }
        self.rest.removeFirst()
        return true
    }

    /// - Returns: whether the word was there, with a blank behind it.
    mutating func skip(word: StaticString) -> Bool {
        let bytes = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard self.rest.starts(with: bytes) else { return false }
        let after = self.rest.dropFirst(bytes.count)
        guard let next = after.first, Self.isBlank(next) else { return false }
        self.rest = after
        return true
    }

    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`
    mutating func takeMetricName() -> ArraySlice<UInt8>? {
        self.takeName { Self.isNameByte($0) || $0 == UInt8(ascii: ":") }
    }

    /// `[a-zA-Z_][a-zA-Z0-9_]*`
    mutating func takeLabelName() -> ArraySlice<UInt8>? { self.takeName(Self.isNameByte) }

    /// A text in quotes, as it stands there; `\\`, `\"` and `\n` are its escapes.
    mutating func takeQuoted() -> ArraySlice<UInt8>? {
        guard self.skip(UInt8(ascii: "\"")) else { return nil }
        var index = self.rest.startIndex
        while index < self.rest.endIndex {
            switch self.rest[index] {
            case UInt8(ascii: "\""):
                defer { self.rest = self.rest[(index + 1)...] }
                return self.rest[..<index]
            case UInt8(ascii: "\\"):
                index += 1
                guard index < self.rest.endIndex, "\\\"n".utf8.contains(self.rest[index]) else { return nil }
            default: break
            }
            index += 1
        }
        return nil
    }

    /// A number as far as the next blank, or the end.
    mutating func takeNumber() -> ArraySlice<UInt8>? {
        let number = self.rest.prefix { !Self.isBlank($0) }
        guard Self.isNumber(number) else { return nil }
        self.rest = self.rest[number.endIndex...]
        return number
    }

    /// Whether it is a decimal number, with an exponent or without, `NaN` or an infinity.
    static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        if text.elementsEqual("NaN".utf8) { return true }
        var text = text
        if text.first == UInt8(ascii: "+") || text.first == UInt8(ascii: "-") { text.removeFirst() }
        if text.elementsEqual("Inf".utf8) { return true }
        let whole = text.prefix(while: Self.isDigit)
        text = text[whole.endIndex...]
        var fraction = text.prefix(0)
        if text.first == UInt8(ascii: ".") {
            fraction = text.dropFirst().prefix(while: Self.isDigit)
            text = text[fraction.endIndex...]
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return false }
        guard text.first == UInt8(ascii: "e") || text.first == UInt8(ascii: "E") else { return text.isEmpty }
        text.removeFirst()
        if text.first == UInt8(ascii: "+") || text.first == UInt8(ascii: "-") { text.removeFirst() }
        return !text.isEmpty && text.allSatisfy(Self.isDigit)
    }

    private mutating func takeName(_ isNameByte: (UInt8) -> Bool) -> ArraySlice<UInt8>? {
        let name = self.rest.prefix(while: isNameByte)
        guard let first = name.first, !Self.isDigit(first) else { return nil }
        self.rest = self.rest[name.endIndex...]
        return name
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: Self.isDigit(byte)
        }
    }
}
