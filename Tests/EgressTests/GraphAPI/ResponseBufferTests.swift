import Testing

@testable import Egress

@Suite struct ResponseBufferTests {
    private func buffer(_ lines: [String]) -> ResponseBuffer {
        var buffer = ResponseBuffer(longestBody: 8)
        for line in lines { _ = Array((line + "\r\n").utf8).withUnsafeBytes { buffer.appendHeadLine($0) } }
        return buffer
    }

    @Test(arguments: [
        ["HTTP/1.1 200 OK", "A: b", ""], ["HTTP/1.1 100 Continue", "", "HTTP/1.1 200 OK", ""],
        ["HTTP/1.1 200 OK", "", "Trailer: 1"], ["HTTP/1.0 404 Not Found", ""],
    ])
    func `A head with its empty line is whole`(lines: [String]) {
        #expect(self.buffer(lines).isHeadWhole)
    }

    @Test(arguments: [
        [], ["HTTP/1.1 200 OK"], ["HTTP/1.1 200 OK", "A: b"], ["HTTP/1.1 100 Continue", ""],
        ["HTTP/1.1 103 Early Hints", "", "HTTP/1.1 200 OK", "A: b"],
    ])
    func `A head without its empty line, or of an interim response alone, is not`(lines: [String]) {
        #expect(!self.buffer(lines).isHeadWhole)
    }

    @Test func `A body is taken up to the limit and no further`() {
        var buffer = ResponseBuffer(longestBody: 8)
        let results = [3, 5, 0, 1].map { count in
            [UInt8](repeating: 7, count: count).withUnsafeBytes { buffer.appendBody($0) }
        }
        #expect(results == [true, true, true, false])
        #expect(buffer.body == [UInt8](repeating: 7, count: 8))
    }

    @Test func `A head goes no further than its limit`() {
        var buffer = ResponseBuffer(longestBody: 8)
        let line = [UInt8](repeating: 0x61, count: ResponseBuffer.longestHead / 2)
        let results = (0..<3).map { _ in line.withUnsafeBytes { buffer.appendHeadLine($0) } }
        #expect(results == [true, true, false])
    }
}
