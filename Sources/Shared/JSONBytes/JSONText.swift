/// The text between the quotes of a valid JSON string.
struct JSONText {
    /// Without the quotes.
    private let raw: UnsafeBufferPointer<UInt8>

    /// - Parameter string: where the string is, quotes included.
    init(of string: Range<Int>, in text: UnsafeBufferPointer<UInt8>) {
        self.raw = UnsafeBufferPointer(rebasing: text[string.lowerBound + 1..<string.upperBound - 1])
    }

    private var hasEscapes: Bool {
        self.raw.contains(UInt8(ascii: "\\"))
    }

    /// The text with its escapes resolved; a lone surrogate becomes U+FFFD.
    var decoded: String {
        guard self.hasEscapes else { return String(decoding: self.raw, as: UTF8.self) }
        // An escape is never shorter than the UTF-8 it stands for: \u0800 has six bytes, U+0800 three.
        return String(unsafeUninitializedCapacity: self.raw.count) { buffer in
            var bytes = DecodedBytes(self.raw)
            var count = 0
            while let byte = bytes.next() {
                buffer[count] = byte
                count += 1
            }
            return count
        }
    }

    /// Compares the decoded text with UTF-8 bytes; allocates nothing.
    @inline(__always)
    func equals(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        // Each escape shortens the text it stands in, so lengths tell most texts apart.
        guard self.raw.count >= other.count else { return false }
        if self.raw.count == other.count { return self.raw.elementsEqual(other) && !self.hasEscapes }
        guard self.hasEscapes else { return false }
        var bytes = DecodedBytes(self.raw)
        for byte in other where bytes.next() != byte { return false }
        return bytes.next() == nil
    }
}

/// The UTF-8 of a JSON string's text, byte by byte, its escapes resolved.
private struct DecodedBytes: IteratorProtocol {
    private let raw: UnsafeBufferPointer<UInt8>
    private var position = 0
    /// What is left of a scalar that was written as an escape, the next byte lowest.
    private var pending: UInt32 = 0

    init(_ raw: UnsafeBufferPointer<UInt8>) {
        self.raw = raw
    }

    mutating func next() -> UInt8? {
        if self.pending != 0 {
            let byte = UInt8(truncatingIfNeeded: self.pending)
            self.pending >>= 8
            return byte
        }
        guard let byte = self.take() else { return nil }
        guard byte == UInt8(ascii: "\\"), let escape = self.take() else { return byte }
        switch escape {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"): return self.begin(self.scalar())
        default: return escape
        }
    }

    private mutating func take() -> UInt8? {
        guard self.position < self.raw.count else { return nil }
        defer { self.position += 1 }
        return self.raw[self.position]
    }

    /// Returns a scalar's first byte and leaves the others pending.
    private mutating func begin(_ scalar: Unicode.Scalar) -> UInt8 {
        let encoded = scalar.utf8
        for (index, byte) in encoded.dropFirst().enumerated() {
            self.pending |= UInt32(byte) << UInt32(8 * index)
        }
        return encoded[0]
    }

    /// The scalar of a `\u` escape, and of the one that follows where both are a surrogate pair.
    private mutating func scalar() -> Unicode.Scalar {
        let unit = self.codeUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let start = self.position
        guard
            unit < 0xDC00,
            self.take() == UInt8(ascii: "\\"), self.take() == UInt8(ascii: "u"),
            case let low = self.codeUnit(), 0xDC00...0xDFFF ~= low,
            let scalar = Unicode.Scalar(0x10000 + (UInt32(unit & 0x3FF) << 10 | UInt32(low & 0x3FF)))
        else {
            self.position = start
            return "\u{FFFD}"
        }
        return scalar
    }

    private mutating func codeUnit() -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            unit = unit << 4 | UInt16(self.take().flatMap(hexadecimalDigit) ?? 0)
        }
        return unit
    }
}
