/// The header that names a trace and a place in it (W3C Trace Context), as far as a gateway that passes it on has to know
/// it.
enum Traceparent {
    private static let length = 55

    /// Whether a `traceparent` is one: `00-<32 hex>-<16 hex>-<2 hex>` in lower case, neither ID all zeros; a later
    /// version may add more.
    static func isValid(_ traceparent: String) -> Bool {
        var traceparent = traceparent
        return traceparent.withUTF8 { bytes in
            guard (self.length...256).contains(bytes.count) else { return false }
            let version = bytes[0..<2]
            if bytes.count > self.length {
                // Version 0 has nothing behind its flags; a later one sets more off with a hyphen.
                guard !version.elementsEqual("00".utf8), bytes[self.length] == self.hyphen else { return false }
            }
            guard self.isHex(version), !version.elementsEqual("ff".utf8) else { return false }
            guard [2, 35, 52].allSatisfy({ bytes[$0] == self.hyphen }) else { return false }
            return self.isID(bytes[3..<35]) && self.isID(bytes[36..<52]) && self.isHex(bytes[53..<55])
        }
    }

    /// A new `traceparent`, not sampled: the beginning of a trace for what came without one.
    static func begin() -> String {
        let random = RandomWords.ofProcess.take()
        return String(unsafeUninitializedCapacity: self.length) { text in
            var text = TextEnd(text)
            text.append("00-")
            text.append(hexadecimal: random.0)
            text.append(hexadecimal: random.1)
            text.append("-")
            text.append(hexadecimal: random.2)
            text.append("-00")
            return text.count
        }
    }

    /// The end of a text that is being written.
    private struct TextEnd {
        private let text: UnsafeMutableBufferPointer<UInt8>
        private(set) var count = 0

        init(_ text: UnsafeMutableBufferPointer<UInt8>) {
            self.text = text
        }

        mutating func append(_ literal: StaticString) {
            literal.withUTF8Buffer { for byte in $0 { self.append(byte) } }
        }

        mutating func append(hexadecimal number: UInt64) {
            let digits: StaticString = "0123456789abcdef"
            for shift in stride(from: 60, through: 0, by: -4) {
                self.append(digits.utf8Start[Int((number >> UInt64(shift)) & 15)])
            }
        }

        private mutating func append(_ byte: UInt8) {
            self.text[self.count] = byte
            self.count += 1
        }
    }

    private static let hyphen = UInt8(ascii: "-")

    private static func isID(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        self.isHex(bytes) && bytes.contains { $0 != 0x30 }
    }

    private static func isHex(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        bytes.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
