import Testing

@testable import Addressing

@Suite struct HexDigitsTests {
    @Test func `Bytes are written with two lower-case digits each`() {
        #expect(HexDigits.text(of: [0x00, 0x0F, 0x9A, 0xA9, 0xFF]) == "000f9aa9ff")
        #expect(HexDigits.text(of: []) == "")
    }

    @Test func `Digits of either case have a value, nothing else has`() {
        let digits = Array("0123456789abcdef".utf8) + Array("ABCDEF".utf8)
        #expect(digits.map(HexDigits.value(of:)) == (0...15).map { $0 } + (10...15).map { $0 })
        #expect((UInt8.min ... .max).count { HexDigits.value(of: $0) != nil } == digits.count)
    }
}

@Suite struct PercentEscapesTests {
    @Test(arguments: [
        ("%41%5a%5A", "AZZ"), ("%", "%"), ("%4", "%4"), ("%%41", "%A"), ("%4%41", "%4A"), ("%zz", "%zz"),
        ("%2541", "%41"), ("a+b", "a+b"), ("%41%", "A%"),
    ])
    func `An escape is decoded once, and what is none stays`(text: String, decoded: String) {
        #expect(PercentEscapes.decode(Array(text.utf8)) == Array(decoded.utf8))
    }

    @Test func `Any byte comes back from its escape`() {
        for byte in UInt8.min ... .max {
            var text: [UInt8] = []
            PercentEscapes.append(byte, to: &text)
            #expect(text.count == 3 && PercentEscapes.decode(text) == [byte])
        }
    }
}
