@testable import TestSupport
import Testing

@Suite struct HTTPReplyTests {
    private func parse(_ text: String, ended: Bool = false, toHead: Bool = false) throws -> (HTTPReply, Int)? {
        try HTTPReply.parse(Array(text.utf8), ended: ended, toHead: toHead).map { ($0.reply, $0.length) }
    }

    @Test func `A response ends where its length says`() throws {
        let (reply, length) = try #require(
            try self.parse("HTTP/1.1 404 Not Found\r\nX-A:  b \r\ncontent-length: 2\r\n\r\nokHTTP/1.1"))
        #expect(reply.status == 404 && reply.text == "ok" && reply[header: "x-a"] == "b ")
        #expect(length == "HTTP/1.1 404 Not Found\r\nX-A:  b \r\ncontent-length: 2\r\n\r\nok".utf8.count)
    }

    @Test func `Chunks are put together`() throws {
        let (reply, _) = try #require(
            try self.parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n"))
        #expect(reply.text == "abcd")
    }

    @Test func `Without a length the body goes on to the end of the connection`() throws {
        #expect(try self.parse("HTTP/1.0 200 OK\r\n\r\nabc") == nil)
        #expect(try self.parse("HTTP/1.0 200 OK\r\n\r\nabc", ended: true)?.0.text == "abc")
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "HTTP/1.1 200 OK\r\n", "",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
    ])
    func `A response that is not whole is waited for, until the connection ends`(text: String) throws {
        #expect(try self.parse(text) == nil)
        #expect(throws: HTTPReplyError.endedEarly(Array(text.utf8))) { try self.parse(text, ended: true) }
    }

    @Test(arguments: ["nonsense\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n"])
    func `What is no response is refused`(text: String) {
        #expect(throws: HTTPReplyError.self) { try self.parse(text) }
    }

    @Test func `The answer to HEAD has no body, whatever its length says`() throws {
        #expect(try self.parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", toHead: true)?.0.status == 200)
    }

    @Test func `A URL is taken apart, and what cannot be called is refused`() throws {
        let address = try PlainHTTP.address("http://127.0.0.1:80/a?b")
        #expect(address.host == "127.0.0.1" && address.port == 80 && address.target == "/a?b")
        #expect(try PlainHTTP.address("http://localhost").target == "/")
        #expect(throws: PlainHTTP.InvalidURL.self) { try PlainHTTP.address("https://localhost/") }
        #expect(throws: PlainHTTP.InvalidURL.self) { try PlainHTTP.address("http://host:x/") }
    }

    @Test func `Slow bytes arrive as they were sent`() async throws {
        try await SimulatorBench.running { bench in
            let connection = try await bench.connect()
            try await connection.sendSlowly(SimulatorBench.request(), piece: 40, every: .milliseconds(5))
            #expect(try await connection.reply().status == 200)
        }
    }
}
