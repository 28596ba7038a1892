import JSONBytes
import Testing

@Suite struct JSONDocumentTests {
    @Test(arguments: [
        "{}", "[]", "null", "true", "false", "0", "-0", "\"\"", " \t\r\n{} \t\r\n",
        "1.5", "0.0", "1e5", "1E+5", "1e-05", "-0.0e0", "123456789012345678901234567890", "1e400",
        #"{"a":1,"b":[true,false,null,{"c":{}}]}"#, #"[[],{},[[]],{"":""}]"#,
        #"{ "a" : [ 1 , 2 ] , "b" : { } }"#, #"{"a":1,"a":2}"#,
        #""\"\\\/\b\f\n\r\t\u0000\u00e9\uD83D\uDE00\uabCD""#,
        #"["\ud83d","\udc00","\ude00\ud83d"]"#,
        "\"\u{7F}\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}\"",
    ])
    func `A text that RFC 8259 allows is accepted`(text: String) throws {
        let document = try JSONDocument(validating: Array(text.utf8))
        #expect(document.bytes == Array(text.utf8))
    }

    @Test(arguments: [
        ("", 0), (" ", 1), ("-", 1), ("01", 1), ("-01", 2), ("1e", 2), ("1e+", 3), ("1.", 2), (".5", 0), ("+1", 0),
        ("1.e5", 2), ("--1", 1), ("0x10", 1), ("1 2", 2), ("NaN", 0), ("Infinity", 0),
        ("tru", 3), ("truE", 3), ("nul", 3), ("True", 0), ("falsey", 5),
        ("{", 1), ("}", 0), ("[", 1), ("]", 0), ("[1", 2), ("[1,", 3), ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3),
        ("[}", 1), ("{]", 1), ("[1}", 2), ("{\"a\":1]", 6), ("[]]", 2), ("{}{}", 2),
        ("{1:2}", 1), ("{\"a\"}", 4), ("{\"a\":}", 5), ("{\"a\" 1}", 5), ("{\"a\":1,}", 7), ("{,}", 1), ("{a:1}", 1),
        ("{'a':1}", 1), ("{\"a\":1 \"b\":2}", 7), ("// x\n1", 0), ("1 // x", 2),
        ("\"", 1), ("\"a", 2), ("\"\\", 2), ("\"\\\"", 3), ("\"\\x\"", 2), ("\"\\u\"", 3), ("\"\\u12g4\"", 5),
        ("\"\\u123", 6), ("\"\\U0041\"", 2), ("\"\n\"", 1), ("\"\u{1F}\"", 1), ("\"abcdefgh\t\"", 9),
        ("\"\u{0}\"", 1), ("\u{0}", 0), ("{}\u{0}", 2), ("[\u{0}]", 1), ("\u{A0}1", 0), ("\u{B}1", 0),
        ("\u{FEFF}{}", 0), ("{}\u{FEFF}", 2),
    ])
    func `A text that RFC 8259 does not allow is refused where it goes wrong`(text: String, offset: Int) {
        #expect(throws: JSONError(code: .malformed, offset: offset)) {
            try JSONDocument(validating: Array(text.utf8))
        }
    }

    @Test(
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xC2, 0xC2],
            [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xE1, 0x80], [0xE1, 0x80, 0x20], [0xE1, 0x20, 0x80],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF0, 0x90, 0x80], [0xF1, 0x80, 0x80, 0x20], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE],
            [0xFF],
        ] as [[UInt8]])
    func `A string that is no UTF-8 is refused`(sequence: [UInt8]) {
        let quote = [UInt8(ascii: "\"")]
        for padding in 0...9 {
            let ascii = [UInt8](repeating: UInt8(ascii: "a"), count: padding)
            #expect(throws: JSONError(code: .invalidUTF8, offset: 1 + padding)) {
                try JSONDocument(validating: quote + ascii + sequence + quote)
            }
        }
    }

    @Test(arguments: 0...9)
    func `A string that ends inside a character is refused`(padding: Int) {
        let text = "\"" + String(repeating: "a", count: padding)
        for tail in [[0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98]] as [[UInt8]] {
            #expect(throws: JSONError.self) { try JSONDocument(validating: Array(text.utf8) + tail) }
        }
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")])
    func `128 levels are accepted and 129 are not`(open: String, close: String) throws {
        let step = open.filter { "[{".contains($0) }.count
        func nested(_ levels: Int) -> [UInt8] {
            let pairs = levels / step
            let odd = levels % step == 0 ? "0" : "[0]"
            let text = String(repeating: open, count: pairs) + odd + String(repeating: close, count: pairs)
            return Array(text.utf8)
        }
        _ = try JSONDocument(validating: nested(128))
        let error = #expect(throws: JSONError.self) { try JSONDocument(validating: nested(129)) }
        #expect(error?.code == .tooDeep)
    }

    @Test func `A million open brackets are refused, not followed`() {
        let text = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONError(code: .tooDeep, offset: 128)) { try JSONDocument(validating: text) }
    }

    @Test func `Depth counts open containers, not all of them`() throws {
        let siblings = [String](repeating: "[{}]", count: 1000).joined(separator: ",")
        let document = try JSONDocument(validating: Array("[\(siblings)]".utf8))
        #expect(document.root.elements.reduce(0) { count, _ in count + 1 } == 1000)
    }
}
