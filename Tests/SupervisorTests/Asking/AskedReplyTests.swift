import Testing

@testable import Supervisor

@Suite struct AskedReplyTests {
    private static let page = Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".utf8)
    private static let hello = Array("hello".utf8)

    @Test func `A reply is whole when its body is, however its bytes come`() {
        for size in 1...Self.page.count {
            var reply = AskedReply(limit: 5)
            var page: AskedPage?
            for start in stride(from: 0, to: Self.page.count, by: size) {
                #expect(page == nil)
                page = reply.take(Self.page[start..<min(start + size, Self.page.count)])
            }
            #expect(page == .answered(status: 200, body: Self.hello))
        }
    }

    @Test func `A body without a length ends with its connection`() {
        var reply = AskedReply(limit: 5)
        #expect(reply.take(Array("HTTP/1.0 404 Not Found\r\nServer: x\r\n\r\nhello".utf8)) == nil)
        #expect(reply.ended() == .answered(status: 404, body: Self.hello))
    }

    @Test(arguments: [
        "H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
    ])
    func `A reply that ends too early is none`(text: String) {
        var reply = AskedReply(limit: 100)
        #expect(reply.take(Array(text.utf8)) == nil)
        #expect(reply.ended() == .failed(.malformed))
    }

    @Test func `A connection that ends without a word is nobody's`() {
        #expect(AskedReply(limit: 100).ended() == .failed(.unreachable))
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxy",
        String(repeating: "x", count: 20_000),
    ])
    func `What is no reply of an admin endpoint is malformed`(text: String) {
        var reply = AskedReply(limit: 100)
        #expect(reply.take(Array(text.utf8)) == .failed(.malformed))
    }

    @Test(arguments: ["HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nhello!"])
    func `More than is borne is told at once`(text: String) {
        var reply = AskedReply(limit: 5)
        #expect(reply.take(Array(text.utf8)) == .failed(.tooLarge))
    }
}
