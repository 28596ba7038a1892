import JSONBytes
import Testing

@Suite struct JSONWriterTests {
    private func written(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), ("a\"b\\c/d", #""a\"b\\c/d""#),
        ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#), ("\0\u{1}\u{1F}\u{7F}", "\"\\u0000\\u0001\\u001f\u{7F}\""),
        ("Жо😀", "\"Жо😀\""),
    ])
    func `A string is escaped where JSON demands it and reads back the same`(value: String, json: String) throws {
        #expect(self.written { $0.string(value) } == json)
        #expect(try JSONDocument(validating: Array(json.utf8)).root.string == value)
    }

    @Test func `Objects and arrays nest, with commas between what is in them`() {
        let json = self.written { writer in
            writer.object { message in
                message.member("to", string: "+1")
                message.member("exact", raw: Array("1.50".utf8))
                message.member("count", int: -3)
                message.member("text", object: { $0.member("preview_url", bool: false) })
                message.member("empty", object: { _ in })
                message.member("list") { (list: inout JSONArrayWriter) in
                    list.element(string: "x")
                    list.element(raw: "null".utf8)
                    list.element(int: 2)
                    list.element(bool: true)
                    list.element(object: { _ in })
                }
            }
        }
        #expect(
            json == #"{"to":"+1","exact":1.50,"count":-3,"text":{"preview_url":false},"empty":{},"#
                + #""list":["x",null,2,true,{}]}"#)
    }

    @Test func `A slice of another text is written as it is`() throws {
        let document = try JSONDocument(validating: Array(#"{"a": [ 1.0 , "\u0041" ] }"#.utf8))
        let slice = try #require(document.root["a"]?.bytes)
        #expect(self.written { $0.raw(slice) } == #"[ 1.0 , "\u0041" ]"#)
    }

    @Test func `Single values are written`() {
        #expect(self.written { $0.int(.min) } == "-9223372036854775808")
        #expect(self.written { $0.bool(true) } == "true")
        #expect(self.written { $0.null() } == "null")
        #expect(self.written { $0.array { _ in } } == "[]")
    }
}
