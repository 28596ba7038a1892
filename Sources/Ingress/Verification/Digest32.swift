import Addressing

/// 32 bytes of SHA-256 or HMAC-SHA-256, compared in constant time.
struct Digest32: Sendable {
    private let bytes: SIMD32<UInt8>

    /// - Parameter bytes: exactly 32 of them; anything else is no digest.
    init?(_ bytes: some Sequence<UInt8>) {
        var lanes = SIMD32<UInt8>()
        var count = 0
        for byte in bytes {
            guard count < SIMD32<UInt8>.scalarCount else { return nil }
            lanes[count] = byte
            count += 1
        }
        guard count == SIMD32<UInt8>.scalarCount else { return nil }
        self.bytes = lanes
    }

    /// - Parameter hex: 64 hex digits in either case, and nothing else.
    init?(hex: Substring.UTF8View) {
        var lanes = SIMD32<UInt8>()
        var digits = 0
        for character in hex {
            guard digits < 64, let value = HexDigits.value(of: character) else { return nil }
            lanes[digits >> 1] = lanes[digits >> 1] << 4 | value
            digits += 1
        }
        guard digits == 64 else { return nil }
        self.bytes = lanes
    }

    /// Whether both are the same; the time taken does not depend on where they differ.
    func equals(_ other: Digest32) -> Bool {
        let difference = self.bytes ^ other.bytes
        var any: UInt8 = 0
        for lane in 0..<SIMD32<UInt8>.scalarCount { any |= difference[lane] }
        return any == 0
    }
}
