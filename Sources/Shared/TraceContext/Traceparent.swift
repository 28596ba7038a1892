import Glibc

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
        let (trace, place) = self.randomIDs()
        var text = [UInt8]("00-".utf8)
        text.reserveCapacity(self.length)
        self.append(trace.0, to: &text)
        self.append(trace.1, to: &text)
        text.append(self.hyphen)
        self.append(place, to: &text)
        text += "-00".utf8
        return String(decoding: text, as: UTF8.self)
    }

    /// Neither is zero. The kernel is asked once for all: that is what a new trace costs.
    private static func randomIDs() -> (trace: (UInt64, UInt64), place: UInt64) {
        var random: (UInt64, UInt64, UInt64) = (0, 0, 0)
        let isFilled = withUnsafeMutableBytes(of: &random) { getentropy($0.baseAddress, $0.count) == 0 }
        guard isFilled, random.0 | random.1 != 0, random.2 != 0 else {
            return ((.random(in: 1 ... .max), .random(in: 1 ... .max)), .random(in: 1 ... .max))
        }
        return ((random.0, random.1), random.2)
    }

    private static func append(_ number: UInt64, to text: inout [UInt8]) {
        let digits: StaticString = "0123456789abcdef"
        for shift in stride(from: 60, through: 0, by: -4) {
            text.append(digits.utf8Start[Int((number >> UInt64(shift)) & 15)])
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
