/// Moves over the bytes of a text that has been found valid, value by value.
///
/// Nothing is checked a second time, but no offset ever leaves the text.
struct JSONCursor {
    let text: UnsafeBufferPointer<UInt8>
    var position: Int

    @inline(__always)
    var next: UInt8 {
        self.position < self.text.count ? self.text[self.position] : 0
    }

    /// Passes over white space and the commas and colons between values.
    @inline(__always)
    mutating func skipSeparators() {
        while true {
            switch self.next {
            case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: ":"): self.position += 1
            default: return
            }
        }
    }

    /// Passes over the value at `position` and returns where it is.
    @inline(__always)
    mutating func value() -> Range<Int> {
        let start = self.position
        switch self.next {
        case UInt8(ascii: "\""): self.skipString()
        case UInt8(ascii: "{"), UInt8(ascii: "["): self.skipContainer()
        default: self.skipScalar()
        }
        return start..<self.position
    }

    private mutating func skipContainer() {
        var depth = 0
        while self.position < self.text.count {
            switch self.text[self.position] {
            case UInt8(ascii: "\""):
                self.skipString()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            self.position += 1
            if depth == 0 { return }
        }
    }

    @inline(__always)
    mutating func skipString() {
        let raw = UnsafeRawBufferPointer(self.text)
        self.position += 1
        while self.position &+ 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: self.position, as: UInt64.self)
            let found = EightBytes(word).quotesAndBackslashes
            guard found != 0 else {
                self.position &+= 8
                continue
            }
            self.position &+= found.trailingZeroBitCount / 8
            if self.text[self.position] == UInt8(ascii: "\"") {
                self.position += 1
                return
            }
            self.position += 2
        }
        while self.position < raw.count {
            switch raw[self.position] {
            case UInt8(ascii: "\""):
                self.position += 1
                return
            case UInt8(ascii: "\\"): self.position += 2
            default: self.position += 1
            }
        }
    }

    /// A number or a literal ends where a separator, a closing bracket, white space or the text's end comes.
    private mutating func skipScalar() {
        while self.position < self.text.count {
            switch self.text[self.position] {
            case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x09, 0x0A, 0x0D: return
            default: self.position += 1
            }
        }
    }
}
