import Addressing

/// A callback value of the gateway's own: `wa1:` and 128 random bits as 32 lower-case hex digits.
///
/// It is put into the messages of jobs that bring none, so that a status webhook can tell that such a message was sent.
/// A bot cannot bring one about: it does not know the value, and one that it sends itself settles nothing.
struct OwnCallback: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new one.
    static func random(using random: inout some RandomNumberGenerator) -> OwnCallback {
        OwnCallback(high: random.next(), low: random.next())
    }

    /// Reads one back; `nil` for anything else.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 36, bytes.starts(with: "wa1:".utf8) else { return nil }
        var halves: [UInt64] = [0, 0]
        for (index, byte) in bytes.dropFirst(4).enumerated() {
            // Upper case is not what was written.
            guard let digit = HexDigits.value(of: byte), !(0x41...0x46).contains(byte) else { return nil }
            halves[index / 16] = halves[index / 16] << 4 | UInt64(digit)
        }
        self.init(high: halves[0], low: halves[1])
    }

    var text: String {
        let bytes = [self.high, self.low].flatMap { half in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> UInt64($0)) }
        }
        return "wa1:" + HexDigits.text(of: bytes)
    }
}
