import NIOCore
import Testing
import TraceContext

@testable import Ingress

@Suite struct BodyCollectorTests {
    @Test func `Parts are put together up to the limit`() {
        var collector = BodyCollector(announced: nil, limit: 5)
        #expect(collector.append(ByteBuffer(string: "ab")) == true)
        #expect(collector.append(ByteBuffer(string: "")) == true)
        #expect(collector.append(ByteBuffer(string: "cde")) == true)
        #expect(collector.append(ByteBuffer(string: "f")) == false)
        #expect(collector.bytes == Array("abcde".utf8))
    }

    @Test func `A length that is announced costs no memory`() {
        var collector = BodyCollector(announced: 4_194_304, limit: 4_194_304)
        #expect(collector.bytes.capacity == 0)
        #expect(collector.append(ByteBuffer(repeating: 1, count: 1000)) == true)
        #expect(collector.bytes.capacity < 8192)
        #expect(collector.expected == 4_194_304)
    }

    @Test func `A small body is given its room at once`() {
        var collector = BodyCollector(announced: 3000, limit: 4_194_304)
        #expect(collector.append(ByteBuffer(repeating: 1, count: 1000)) == true)
        #expect((3000..<4096).contains(collector.bytes.capacity))
    }

    @Test(arguments: [(nil, 7), (3, 3), (7, 7), (100, 7)] as [(Int?, Int)])
    func `No more is expected than what is allowed`(announced: Int?, expected: Int) {
        #expect(BodyCollector(announced: announced, limit: 7).expected == expected)
    }
}

@Suite struct IncomingBodyTests {
    @Test func `A body is slow when it brings less than the rate, after a second`() {
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
        var body = IncomingBody(
            collector: BodyCollector(announced: 10_000, limit: 10_000), claim: .notRequired, trace: .none)
        #expect(!body.isSlower(than: 1000, at: start + .seconds(5)))
        body.share = .held(since: start, countThen: 0)
        #expect(!body.isSlower(than: 1000, at: start + .seconds(1)))
        #expect(body.isSlower(than: 1000, at: start + .milliseconds(1001)))
        #expect(body.collector.append(ByteBuffer(repeating: 1, count: 2000)) == true)
        #expect(!body.isSlower(than: 1000, at: start + .seconds(2)))
        #expect(body.isSlower(than: 1000, at: start + .seconds(3)))
        body.share = .held(since: start, countThen: 2000)
        #expect(body.isSlower(than: 1000, at: start + .seconds(2)))
    }
}
