extension JSONValidator {
    /// Checks a string; `position` is at its opening quote, afterwards behind its closing one.
    mutating func string() throws(JSONError) {
        self.position += 1
        while true {
            self.skipPlainText()
            switch self.next {
            case UInt8(ascii: "\""):
                self.position += 1
                return
            case UInt8(ascii: "\\"):
                try self.escape()
            case 0x80...0xFF:
                try self.multibyteScalar()
            default:
                // A control character, or the text's end.
                throw self.malformed()
            }
        }
    }

    /// Passes over printable ASCII up to a quote, a backslash, a control character, a byte over 0x7F or the text's end.
    @inline(__always)
    private mutating func skipPlainText() {
        let raw = UnsafeRawBufferPointer(self.text)
        while self.position &+ 8 <= raw.count {
            let word = raw.loadUnaligned(fromByteOffset: self.position, as: UInt64.self)
            let stops = EightBytes(word).stops
            if stops != 0 {
                self.position &+= stops.trailingZeroBitCount / 8
                return
            }
            self.position &+= 8
        }
        while self.position < raw.count {
            switch raw[self.position] {
            case 0x00..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x80...0xFF: return
            default: self.position &+= 1
            }
        }
    }

    private mutating func escape() throws(JSONError) {
        self.position += 1
        switch self.next {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            self.position += 1
        case UInt8(ascii: "u"):
            self.position += 1
            for _ in 0..<4 {
                guard hexadecimalDigit(self.next) != nil else { throw self.malformed() }
                self.position += 1
            }
        default:
            throw self.malformed()
        }
    }

    /// Checks one scalar of two to four bytes by the table of well-formed sequences (Unicode, table 3-7).
    private mutating func multibyteScalar() throws(JSONError) {
        let start = self.position
        let second: ClosedRange<UInt8>
        let length: Int
        switch self.next {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw JSONError(code: .invalidUTF8, offset: start)
        }
        self.position += 1
        guard second.contains(self.next) else { throw JSONError(code: .invalidUTF8, offset: start) }
        for _ in 2..<length {
            self.position += 1
            guard self.next & 0xC0 == 0x80 else { throw JSONError(code: .invalidUTF8, offset: start) }
        }
        self.position += 1
    }
}

/// Eight bytes of text at once, the first in the lowest bits.
struct EightBytes {
    private let word: UInt64

    @inline(__always)
    init(_ loaded: UInt64) {
        self.word = UInt64(littleEndian: loaded)
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The high bit of each byte that ends plain text.
    ///
    /// Only the lowest bit set is exact: a borrow may set others above it.
    @inline(__always)
    var stops: UInt64 {
        let controls = (self.word &- Self.ones &* 0x20) & ~self.word
        return (self.zeros(of: UInt8(ascii: "\"")) | self.zeros(of: UInt8(ascii: "\\")) | controls | self.word)
            & Self.highs
    }

    /// As `stops`, for quotes alone.
    @inline(__always)
    var quotes: UInt64 {
        self.zeros(of: UInt8(ascii: "\"")) & Self.highs
    }

    @inline(__always)
    private func zeros(of byte: UInt8) -> UInt64 {
        let difference = self.word ^ (Self.ones &* UInt64(byte))
        return (difference &- Self.ones) & ~difference
    }
}

/// The value of a hexadecimal digit of either case, nil for another byte.
@inline(__always)
func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
    default: nil
    }
}
