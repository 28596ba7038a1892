/// Bytes as hexadecimal digits, and back.
package enum HexDigits {
    /// 0…15; nil for a byte that is no hexadecimal digit, in either case.
    package static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Two lower-case digits for each byte; inlined, because a webhook's every event is named by a digest.
    @inlinable package static func text(of bytes: some Collection<UInt8>) -> String {
        String(unsafeUninitializedCapacity: 2 * bytes.count) { text in
            var count = 0
            for byte in bytes {
                text[count] = Self.digit(byte >> 4)
                text[count + 1] = Self.digit(byte & 15)
                count += 2
            }
            return count
        }
    }

    @inlinable static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }
}
