import Testing

@testable import Egress

/// `raw`: paths and queries, and that none leads elsewhere.
@Suite struct RawCallTests {
    @Test(arguments: [
        ("5", "5"),
        ("///5/x", "5/x"),
        ("5/?fields=a,b{c}|d&x=[1]", "5/?fields=a,b%7Bc%7D%7Cd&x=%5B1%5D"),
        ("5/имя?q=€", "5/%D0%B8%D0%BC%D1%8F?q=%E2%82%AC"),
        (#"5/"<>^`"#, "5/%22%3C%3E%5E%60"),
        ("5/a%2Fb%20c", "5/a%2Fb%20c"),
        ("5/.../..a/.b", "5/.../..a/.b"),
        ("5/x:y@z", "5/x:y@z"),
        ("?ids=1,a:b@c/../d", "?ids=1,a:b@c/../d"),
        ("5?link=https://e.example//x", "5?link=https://e.example//x"),
        ("5/%252525", "5/%252525"),
        ("US.1349", "US.1349"),
    ])
    func `A path is dropped its leading slashes and percent-encoded where a URL needs it`(
        _ path: String, _ sent: String
    ) throws {
        #expect(try GraphPath(path)?.text == sent)
    }

    @Test(arguments: [
        "..", ".", "/..", "5/..", "5/../6", "./5", "5/.", "5//../6", "5/..?x",
        "%2e%2e/5", "5/%2E./6", "5/.%2e", "%252e%252e/5", "5/%25252e%25252E/6", "5%2f..%2f6", "5%252f%2e%2e%252f6",
        "5/..%5c6", "5%5C..%5C6", "5%3F/../6",
        "https://e.example/5", "HTTPS:5", "http:/5", "file:5", "javascript:5", "e.example:443/5", "127.0.0.1:80",
        "https%3A//e.example", "https%253A%252F%252Fe.example",
        "user@5", "user:secret@e.example/5", "//user@e.example/5", "user%40e.example", "//e.example/5", "///e.example",
        "//[::1]/5", "//e%2Eexample/5",
        "5#x", "#", "5\\6", "\\\\e.example", "5 6", " 5", "5 ", "5\t6", "5\n6", "5\r\nHost: e.example", "5\u{0}",
        "5\u{7F}",
        "5\u{85}", "5\u{A0}6", "5\u{2028}", "5\u{3000}6", "5?q=a b", "5?q=#", "5?q=\\",
        "5%", "5%2", "5%zz", "5%2g/6", "5?q=%", "5%\u{FF12}\u{FF10}",
    ])
    func `A path that could lead elsewhere is a client error`(_ path: String) throws {
        let error = try #require(throws: ClientError.self) { try GraphPath(path) }
        #expect(error.message.hasPrefix("path has "))
    }

    @Test(arguments: ["", "/", "////"])
    func `A path of slashes is as good as none`(_ path: String) throws {
        #expect(try GraphPath(path) == nil)
        #expect(try call("raw", #"{"path":"\#(path)","body":[]}"#).call.path == "106540352242922/messages")
    }

    @Test func `A slash stays a slash when a combining mark follows it`() throws {
        #expect(try GraphPath("/\u{301}5")?.text == "%CC%815")
        #expect(throws: ClientError.self) { try GraphPath("5/..\u{301}/../6") }
    }

    @Test(arguments: [
        (nil, #"{"a":"b c","d":1.50,"e":true,"f":false}"#, "106540352242922/messages?a=b%20c&d=1.50&e=true&f=false"),
        ("5", #"{"q":"&=?#/\\+%","n":1e+5}"#, "5?q=%26%3D%3F%23%2F%5C%2B%25&n=1e%2B5"),
        ("5?x=1", #"{"имя":"\u0000€"}"#, "5?x=1&%D0%B8%D0%BC%D1%8F=%00%E2%82%AC"),
        ("5", "{}", "5"),
        ("5", #"{"a":null}"#, "5"),
        ("5", #"{"a":"1","b":"2","\u0061":"3"}"#, "5?a=3&b=2"),
        ("5", #"{"é":"1","e\u0301":"2"}"#, "5?%C3%A9=1&e%CC%81=2"),
        ("5", #"{"a":"\ud800"}"#, "5?a=%EF%BF%BD"),
    ])
    func `A query is percent-encoded and appended`(_ path: String?, _ query: String, _ sent: String) throws {
        let member = path.map { #""path":"\#($0)","# } ?? ""
        #expect(try call("raw", #"{\#(member)"method":"GET","query":\#(query)}"#).call.path == sent)
    }

    @Test(arguments: [#"{"a":1.50, "b" : "\u0041"}"#, "[ ]", #""text""#, "0", "false"])
    func `Any JSON value is a body, byte for byte`(_ given: String) throws {
        #expect(try body("raw", #"{"path":"5","body": \#(given) }"#) == given)
    }

    @Test func `A DELETE passes a body on`() throws {
        let call = try call("raw", #"{"method":"DELETE","path":"5/block_users","body":{"block_users":[]}}"#).call
        #expect(call.method == .delete)
        #expect(call.body == Array(#"{"block_users":[]}"#.utf8))
    }
}
