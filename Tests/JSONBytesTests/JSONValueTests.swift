import JSONBytes
import Testing

@Suite struct JSONValueTests {
    private func root(_ text: String) throws -> JSONValue {
        try JSONDocument(validating: Array(text.utf8)).root
    }

    private func text(_ value: JSONValue?) -> String? {
        value.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test(arguments: [
        (" {} ", JSONValue.Kind.object), ("[ ]", .array), ("\"x\"", .string), ("-1", .number), ("0", .number),
        ("true", .bool), ("false", .bool), ("null", .null),
    ])
    func `A value knows its kind`(text: String, kind: JSONValue.Kind) throws {
        let value = try self.root(text)
        #expect(value.kind == kind)
        #expect(value.isNull == (kind == .null))
        #expect((value.string != nil) == (kind == .string))
        #expect((value.bool != nil) == (kind == .bool))
        #expect((value.int != nil) == (kind == .number))
    }

    @Test func `A value's bytes are those of the document, without the white space around it`() throws {
        let body = "\n { \"a\" : [ 1.50 , { \"b\" :\t\"\\u0041]}\" } ] , \"c\":-0 }\n"
        let root = try self.root(body)
        #expect(root.range == 2..<(body.utf8.count - 1))
        #expect(self.text(root["a"]) == "[ 1.50 , { \"b\" :\t\"\\u0041]}\" } ]")
        #expect(root["a"]?.elements.map { self.text($0) } == ["1.50", "{ \"b\" :\t\"\\u0041]}\" }"])
        #expect(self.text(root["c"]) == "-0")
        let slice = try #require(root["a"]?.bytes)
        #expect(slice.startIndex == root["a"]?.range.lowerBound)
    }

    @Test func `Members come in the document's order, repeated keys included`() throws {
        let root = try self.root(#"{"b":1, "a" :[2],"b":{"c":"}"}}"#)
        let members = root.members.map { ($0.key.string ?? "?", self.text($0.value) ?? "?") }
        #expect(members.map(\.0) == ["b", "a", "b"])
        #expect(members.map(\.1) == ["1", "[2]", #"{"c":"}"}"#])
    }

    @Test func `A repeated key means its last member`() throws {
        #expect(try self.root(#"{"a":1,"b":2,"a":3,"\u0061":4}"#)["a"]?.int == 4)
        #expect(try self.root(#"{"\u0061":1,"a":null}"#)["a"]?.isNull == true)
    }

    @Test(arguments: [
        (#""messages""#, "messages"), (#""\u006dessages""#, "messages"), (#""\u006D\u0065\u0073sages""#, "messages"),
        (#""a\/b""#, "a/b"), (#""\"""#, "\""), (#""\\n""#, "\\n"), (#""\n""#, "\n"), (#""""#, ""),
        (#""\ud83d\ude00""#, "😀"), (#""é""#, "é"), (#""\u00e9""#, "é"), (#""\u0000""#, "\0"),
        (#""\ud83d""#, "\u{FFFD}"),
    ])
    func `A key is found by its decoded text`(written: String, key: String) throws {
        let root = try self.root("{\"decoy\":0,\(written):1,\"\(String(repeating: "x", count: 40))\":2}")
        #expect(root[key]?.int == 1)
    }

    @Test(arguments: [
        (#""\u006dessages""#, "message"), (#""\u006dessage""#, "messages"), (#""\n""#, "\\n"), (#""a\n""#, "a\\n"),
        (#""é""#, "e\u{301}"), (#""messages ""#, "messages"), (#""Messages""#, "messages"),
    ])
    func `A key is not found by another text`(written: String, key: String) throws {
        #expect(try self.root("{\(written):1}")[key] == nil)
    }

    @Test(arguments: ["[1]", "\"a\"", "1", "null", "true"])
    func `Only objects have members and only arrays have elements`(text: String) throws {
        let value = try self.root(text)
        #expect(value["a"] == nil)
        #expect(Array(value.members).isEmpty)
        #expect(Array(value.elements).count == (value.kind == .array ? 1 : 0))
        #expect(Array(try self.root("{\"a\":1}").elements).isEmpty)
    }

    @Test(arguments: [
        (#""plain""#, "plain"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0416\u043e""#, "Жо"),
        (#""\u0800\uffff""#, "\u{800}\u{FFFF}"), (#""\ud83d\ude00!""#, "😀!"), (#""\uD83D\uDE00\uD83D\uDE01""#, "😀😁"),
        (#""a\ud83db""#, "a\u{FFFD}b"), (#""\ude00\ud83d""#, "\u{FFFD}\u{FFFD}"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
        (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"), (#""\ud83d\n""#, "\u{FFFD}\n"),
        (#""\ud83d\\ude00""#, "\u{FFFD}\\ude00"),
        ("\"\u{10FFFF}é\"", "\u{10FFFF}é"), (#""\u0000x""#, "\0x"),
    ])
    func `A string is decoded, a lone surrogate becomes U+FFFD`(written: String, decoded: String) throws {
        let string = try #require(try self.root(written).string)
        #expect(Array(string.utf8) == Array(decoded.utf8))
    }

    @Test func `A string is compared without being decoded`() throws {
        #expect(try self.root(#""\u006dessages""#).isString("messages"))
        #expect(try !self.root(#""messages2""#).isString("messages"))
        #expect(try !self.root("1").isString("1"))
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("-12", -12), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("99999999999999999999999", nil),
            ("1.0", nil), ("1e3", nil), ("1E3", nil), ("\"1\"", nil), ("true", nil),
        ] as [(String, Int?)])
    func `An integer is a number written as one that fits`(text: String, int: Int?) throws {
        #expect(try self.root("[ \(text) ]").elements.map(\.int) == [int])
    }

    @Test func `Several members are looked up in one walk, as one by one`() throws {
        let root = try self.root(#"{"a":1,"b":{"c":9},"\u0061":2,"d":null}"#)
        #expect(root.members(["d", "c", "a", "b", "a"]).map { self.text($0) } == ["null", nil, "2", #"{"c":9}"#, "2"])
        #expect(try self.root("[1]").members(["a"]).map { self.text($0) } == [nil])
        #expect(root.members([]).isEmpty)
    }

    @Test(arguments: 0...20)
    func `A string ends at the quote that is not escaped, however many backslashes come before it`(pairs: Int) throws {
        for padding in 0...9 {
            let string = "\"" + String(repeating: "x", count: padding) + String(repeating: #"\\"#, count: pairs) + "\""
            let escaped = String(string.dropLast()) + #"\""# + "]}\""
            let root = try self.root("[\(string),{\(string):[\(escaped)]},\(escaped),0]")
            #expect(
                root.elements.map { self.text($0) } == [string, "{\(string):[\(escaped)]}", escaped, "0"])
        }
    }

    @Test func `A million members are walked in linear time`() throws {
        let members = (0..<1_000_000).map { "\"k\($0)\":{}" }.joined(separator: ",")
        let root = try self.root("{\(members)}")
        #expect(root.members.reduce(0) { count, _ in count + 1 } == 1_000_000)
        #expect(root["k999999"]?.kind == .object)
        #expect(root["missing"] == nil)
    }
}
