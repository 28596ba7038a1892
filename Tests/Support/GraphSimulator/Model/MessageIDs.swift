import Foundation
import TestSupport

/// Makes the IDs that Meta makes: the same ones for the same seed.
struct MessageIDs: Sendable {
    private var generator: SeededGenerator
    private static let hexDigits = Array("0123456789ABCDEF".utf8)
    private static let traceDigits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-".utf8)

    init(seed: Seed) {
        self.generator = seed.generator
    }

    /// A `wamid.…`, laid out as Meta's: the other side's number, the direction, and a random part.
    mutating func messageID(with number: String, inbound: Bool = false) -> String {
        let digits = Array(number.utf8.prefix(20))
        var bytes: [UInt8] = [0x1C, 0x18, UInt8(digits.count)] + digits
        bytes += [0x15, 0x02, 0x00, inbound ? 0x12 : 0x11, 0x18, 0x12]
        var word = self.generator.next()
        for index in 0..<18 {
            if index == 16 { word = self.generator.next() }
            bytes.append(Self.hexDigits[Int(word & 15)])
            word >>= 4
        }
        bytes.append(0)
        return "wamid." + Data(bytes).base64EncodedString()
    }

    /// An `fbtrace_id`.
    mutating func trace() -> String {
        var bytes = [UInt8(ascii: "A")]
        var word = self.generator.next()
        for index in 0..<22 {
            if index % 10 == 9 { word = self.generator.next() }
            bytes.append(Self.traceDigits[Int(word & 63)])
            word >>= 6
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A number from 0 up to, not including, 1.
    mutating func fraction() -> Double {
        Double(self.generator.next() >> 11) / 9_007_199_254_740_992
    }
}
