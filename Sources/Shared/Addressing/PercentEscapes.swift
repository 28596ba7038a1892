/// `%XX`: a byte that may not stand as it is, in URLs and in header values.
package enum PercentEscapes {
    private static let percent = UInt8(ascii: "%")
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Writes a byte as an escape, with upper-case digits.
    package static func append(_ byte: UInt8, to text: inout [UInt8]) {
        text.append(Self.percent)
        text.append(Self.digits[Int(byte >> 4)])
        text.append(Self.digits[Int(byte & 15)])
    }

    /// One round of decoding; a `%` without two hexadecimal digits, of either case, stays as it is.
    package static func decode(_ text: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if text[index] == Self.percent, index + 2 < text.count,
                let high = HexDigits.value(of: text[index + 1]), let low = HexDigits.value(of: text[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(text[index])
                index += 1
            }
        }
        return decoded
    }
}
