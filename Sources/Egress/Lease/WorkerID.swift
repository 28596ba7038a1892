import Addressing
import Glibc

/// A process that may hold the leases of accounts, told apart from its neighbours and from its own earlier life.
struct WorkerID: Hashable, Sendable, CustomStringConvertible {
    /// The name of its host; which worker an account prefers goes by it alone.
    let host: String
    private let number: UInt64

    /// - Parameters:
    ///   - host: what is neither letter, digit, `.`, `-` nor `_` becomes `-`; cut after 255 bytes.
    ///   - number: drawn anew for every process.
    init(host: String, number: UInt64 = .random(in: .min ... .max)) {
        let bytes = host.utf8.prefix(255).map { Self.allows($0) ? $0 : UInt8(ascii: "-") }
        self.host = bytes.isEmpty ? "localhost" : String(decoding: bytes, as: UTF8.self)
        self.number = number
    }

    /// Reads `<host name>.<16 hexadecimal digits>`.
    init?(parsing text: String) {
        let bytes = text.utf8
        guard (18...272).contains(bytes.count), bytes.allSatisfy(Self.allows) else { return nil }
        let (head, digits) = (bytes.dropLast(16), bytes.suffix(16))
        guard head.last == UInt8(ascii: ".") else { return nil }
        var number: UInt64 = 0
        for digit in digits {
            guard let value = HexDigits.value(of: digit) else { return nil }
            number = number << 4 | UInt64(value)
        }
        self.host = String(decoding: head.dropLast(), as: UTF8.self)
        self.number = number
    }

    /// A new one on this host.
    static func onThisHost() -> WorkerID {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return WorkerID(host: "") }
        return WorkerID(host: String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    var description: String {
        let digits = String(self.number, radix: 16)
        return "\(self.host).\(String(repeating: "0", count: 16 - digits.count))\(digits)"
    }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
