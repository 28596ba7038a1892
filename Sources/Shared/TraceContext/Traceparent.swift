/// The header that names a trace and a place in it (W3C Trace Context), as far as a gateway that passes it on has to know it.
enum Traceparent {
    /// Whether a `traceparent` is one: `00-<32 hex>-<16 hex>-<2 hex>` in lower case, neither ID all zeros; a later
    /// version may add more.
    static func isValid(_ traceparent: String) -> Bool {
        guard traceparent.utf8.count <= 256 else { return false }
        let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].utf8.count == 2, parts[0] != "ff" else { return false }
        guard parts.count == 4 || parts[0] != "00" else { return false }
        guard parts[1].utf8.count == 32, parts[2].utf8.count == 16, parts[3].utf8.count == 2 else { return false }
        guard parts.prefix(4).allSatisfy({ $0.utf8.allSatisfy(Self.isLowerHex) }) else { return false }
        return parts[1...2].allSatisfy { id in id.contains { $0 != "0" } }
    }

    /// A new `traceparent`, not sampled: the beginning of a trace for what came without one.
    static func begin() -> String {
        var text = [UInt8]("00-".utf8)
        text.reserveCapacity(55)
        for _ in 0..<2 { Self.append(UInt64.random(in: 1...UInt64.max), to: &text) }
        text.append(UInt8(ascii: "-"))
        Self.append(UInt64.random(in: 1...UInt64.max), to: &text)
        text += "-00".utf8
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ number: UInt64, to text: inout [UInt8]) {
        let digits: StaticString = "0123456789abcdef"
        for shift in stride(from: 60, through: 0, by: -4) {
            text.append(digits.utf8Start[Int((number >> UInt64(shift)) & 15)])
        }
    }

    private static func isLowerHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
