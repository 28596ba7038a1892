/// A JSON text in Meta's wire style: compact, `\/` for a slash, `\uXXXX` in lower case for all that is not ASCII.
///
/// Written as an interpolated literal: strings that are interpolated are quoted and escaped, the rest stands as it is.
struct MetaJSON: Sendable, Hashable, ExpressibleByStringInterpolation {
    private(set) var bytes: [UInt8]

    init(stringLiteral value: String) {
        self.bytes = Array(value.utf8)
    }

    init(stringInterpolation: StringInterpolation) {
        self.bytes = stringInterpolation.bytes
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A text that is JSON already.
    static func raw(_ bytes: [UInt8]) -> MetaJSON {
        MetaJSON(bytes: bytes)
    }

    /// An array.
    static func list(_ elements: some Sequence<MetaJSON>) -> MetaJSON {
        self.joined(elements, from: "[", to: "]")
    }

    /// An object of members that are written `"name":value`.
    static func object(_ members: some Sequence<MetaJSON>) -> MetaJSON {
        self.joined(members, from: "{", to: "}")
    }

    private static func joined(
        _ parts: some Sequence<MetaJSON>, from start: Character, to end: Character
    ) -> MetaJSON {
        var bytes = Array(String(start).utf8)
        for (index, part) in parts.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += part.bytes
        }
        bytes += Array(String(end).utf8)
        return MetaJSON(bytes: bytes)
    }
}

extension MetaJSON {
    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var bytes: [UInt8] = []

        init(literalCapacity: Int, interpolationCount: Int) {
            self.bytes.reserveCapacity(literalCapacity + interpolationCount * 24)
        }

        mutating func appendLiteral(_ literal: String) {
            self.bytes.append(contentsOf: literal.utf8)
        }

        mutating func appendInterpolation(_ text: String) {
            self.bytes.append(UInt8(ascii: "\""))
            for unit in text.utf16 { self.append(unit) }
            self.bytes.append(UInt8(ascii: "\""))
        }

        mutating func appendInterpolation(_ number: Int) {
            self.bytes.append(contentsOf: String(number).utf8)
        }

        mutating func appendInterpolation(_ flag: Bool) {
            self.bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        }

        mutating func appendInterpolation(_ json: MetaJSON) {
            self.bytes.append(contentsOf: json.bytes)
        }

        private mutating func append(_ unit: UInt16) {
            switch unit {
            case 0x22, 0x2F, 0x5C: self.bytes += [0x5C, UInt8(unit)]
            case 0x20...0x7E: self.bytes.append(UInt8(unit))
            case 0x08: self.bytes += Array(#"\b"#.utf8)
            case 0x09: self.bytes += Array(#"\t"#.utf8)
            case 0x0A: self.bytes += Array(#"\n"#.utf8)
            case 0x0C: self.bytes += Array(#"\f"#.utf8)
            case 0x0D: self.bytes += Array(#"\r"#.utf8)
            default:
                let digits = String(unit, radix: 16)
                self.bytes += Array(#"\u"#.utf8) + Array(repeating: UInt8(ascii: "0"), count: 4 - digits.utf8.count)
                self.bytes += Array(digits.utf8)
            }
        }
    }
}
