import TestSupport
import Testing

@testable import Addressing

@Suite struct HeaderTextTests {
    @Test(arguments: [
        ("", ""),
        ("Kerry Fisher", "Kerry Fisher"),
        ("!~", "!~"),
        ("100%", "100%25"),
        ("José", "Jos%C3%A9"),
        ("😀", "%F0%9F%98%80"),
        ("\u{FFFD}", "%EF%BF%BD"),
        ("a\r\nb\tc\u{0}\u{7F}", "a%0D%0Ab%09c%00%7F"),
        (" a b ", "%20a b%20"),
        ("  ", "%20%20"),
        (" ", "%20"),
        ("é b", "%C3%A9 b"),
    ])
    func `A value is printable ASCII, all else is escaped`(text: String, encoded: String) {
        #expect(HeaderText.encode(text) == encoded)
        #expect(HeaderText.decode(encoded) == text)
    }

    @Test(arguments: [
        (String(repeating: "a", count: 512), String(repeating: "a", count: 512)),
        (String(repeating: "a", count: 513), String(repeating: "a", count: 512)),
        (String(repeating: "é", count: 300), String(repeating: "%C3%A9", count: 85)),
        (String(repeating: "a", count: 510) + "é", String(repeating: "a", count: 510)),
        (String(repeating: "a", count: 509) + "é", String(repeating: "a", count: 509) + "%C3"),
        (String(repeating: "a", count: 509) + "%", String(repeating: "a", count: 509) + "%25"),
        (String(repeating: "a", count: 511) + " b", String(repeating: "a", count: 511)),
        (String(repeating: "a", count: 511) + " ", String(repeating: "a", count: 511)),
        (String(repeating: "a", count: 509) + " ", String(repeating: "a", count: 509) + "%20"),
        (String(repeating: " ", count: 600), String(repeating: "%20", count: 170)),
    ])
    func `A value is cut at 512 bytes, never inside an escape`(text: String, encoded: String) {
        #expect(HeaderText.encode(text) == encoded)
        #expect(encoded.utf8.count <= HeaderText.limit)
    }

    @Test(arguments: [("%", "%"), ("%4", "%4"), ("%zz%41", "%zzA"), ("%c3%a9", "é"), ("%C3", "\u{FFFD}")])
    func `Reading takes what is no escape as it is`(value: String, text: String) {
        #expect(HeaderText.decode(value) == text)
    }

    @Test func `Any short text comes back whole and any long one as a beginning`() {
        let seed = Seed.forTest()
        var generator = seed.generator
        for _ in 0..<2000 {
            let length = Int.random(in: 0...400, using: &generator)
            let scalars = (0..<length).compactMap { _ -> Unicode.Scalar? in
                Bool.random(using: &generator)
                    ? Unicode.Scalar(UInt32.random(in: 0...127, using: &generator))
                    : Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator))
            }
            let text = String(String.UnicodeScalarView(scalars))
            let value = Array(HeaderText.encode(text).utf8)
            let whole = Self.escaped(text)
            if whole.count <= HeaderText.limit {
                #expect(value == whole, "seed \(seed)")
                #expect(Array(HeaderText.decode(HeaderText.encode(text)).utf8) == Array(text.utf8), "seed \(seed)")
            } else {
                #expect(whole.starts(with: value) && value.count <= HeaderText.limit, "seed \(seed)")
                #expect(value.last != UInt8(ascii: " "), "seed \(seed)")
                #expect(whole[value.count...].prefix(max(0, 510 - value.count)).allSatisfy { $0 == 32 }, "seed \(seed)")
            }
        }
    }

    /// The encoding without the cut, byte by byte.
    private static func escaped(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        let leading = bytes.prefix { $0 == 32 }.count
        let trailing = bytes.reversed().prefix { $0 == 32 }.count
        return bytes.enumerated().flatMap { index, byte -> [UInt8] in
            let isInside = index >= leading && index < bytes.count - trailing
            guard isInside, (0x20...0x7E).contains(byte), byte != 37 else {
                let digits = String(byte, radix: 16, uppercase: true)
                return Array("%\(byte < 16 ? "0" : "")\(digits)".utf8)
            }
            return [byte]
        }
    }
}
