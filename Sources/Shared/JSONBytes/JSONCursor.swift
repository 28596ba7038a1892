/// Moves over the bytes of a text that has been found valid, value by value.
///
/// Nothing is checked a second time: only a ``JSONDocument``'s bytes may be walked like this.
struct JSONCursor {
    let text: UnsafeBufferPointer<UInt8>
    /// The offset of the next byte; between values, or at the first byte of one.
    var position: Int

    /// The next byte, or 0 at the text's end.
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
    private mutating func skipString() {
        self.position += 1
        let start = self.position
        repeat {
            self.skipToQuote()
            self.position += 1
        } while self.position < self.text.count && self.isEscaped(self.position - 1, since: start)
    }

    /// A quote after an odd number of backslashes belongs to the text; each run of them is counted once.
    @inline(__always)
    private func isEscaped(_ quote: Int, since start: Int) -> Bool {
        var first = quote
        while first > start, self.text[first - 1] == UInt8(ascii: "\\") { first -= 1 }
        return (quote - first) & 1 == 1
    }

    @inline(__always)
    private mutating func skipToQuote() {
        let raw = UnsafeRawBufferPointer(self.text)
        while self.position &+ 8 <= raw.count {
            let quotes = EightBytes(raw.loadUnaligned(fromByteOffset: self.position, as: UInt64.self)).quotes
            guard quotes == 0 else {
                self.position &+= quotes.trailingZeroBitCount / 8
                return
            }
            self.position &+= 8
        }
        while self.position < raw.count, raw[self.position] != UInt8(ascii: "\"") { self.position &+= 1 }
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
