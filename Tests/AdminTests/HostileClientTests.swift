import NIOCore
import TestSupport
import Testing

@testable import Admin

@Suite struct HostileClientTests {
    private static func limits(_ change: (inout AdminLimits) -> Void) -> AdminLimits {
        var limits = AdminBench.patientLimits
        change(&limits)
        return limits
    }

    @Test(arguments: [
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{FC}\u{3}\u{3}", 400), ("GET\r\n\r\n", 400),
        ("\r\n\r\nhello\r\n", 400),
        ("GET /health HTTP/1.1\r\nHost localhost\r\n\r\n", 400),
        ("GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        ("GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
        ("GET /health HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 413),
    ])
    func `Bytes that are no request for a page get an answer and an end`(text: String, status: Int) async throws {
        try await AdminBench.running { bench in
            let connection = try await bench.connect()
            try await connection.send(text)
            #expect(try await connection.reply().status == status)
            _ = try await connection.end()
            #expect(try await bench.answer("/health").status == 200)
        }
    }

    @Test func `Random bytes harm nobody`() async throws {
        var generator = Seed.forTest().generator
        try await AdminBench.running { bench in
            for _ in 0..<200 {
                let count = Int.random(in: 1...2000, using: &generator)
                var bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
                if Bool.random(using: &generator) { bytes = Array("GET /ready HTTP/1.1\r\n".utf8) + bytes }
                let connection = try await bench.connect()
                // The answer may be there before all of it is written.
                try? await connection.send(bytes)
                try? await connection.finishSending()
                _ = try await connection.end()
                await connection.close()
            }
            #expect(try await bench.answer("/health").status == 200)
        }
    }

    @Test(arguments: ["GET /health HTTP/1.1\r\nX: ", "GET /", "X-"])
    func `More header than is borne is refused long before its end`(start: String) async throws {
        try await AdminBench.running { bench in
            let connection = try await bench.connect()
            let isHead = start != "X-"
            let start = isHead ? start : "GET /health HTTP/1.1\r\n" + (0..<200).map { "X-\($0): 1\r\n" }.joined()
            try await connection.send(start)
            try? await connection.send([UInt8](repeating: UInt8(ascii: "a"), count: 20_000))
            let status = try await connection.reply().status
            #expect(status == 431 || status == 400)
            _ = try await connection.end()
        }
    }

    @Test(arguments: ["", "GET /health HTTP/1.1\r\nHost:"])
    func `A request that does not end in time gets 408 and an end`(text: String) async throws {
        try await AdminBench.running(limits: Self.limits { $0.requestTime = .milliseconds(300) }) { bench in
            let connection = try await bench.connect()
            try? await connection.send(text)
            #expect(try await connection.reply().status == 408)
            _ = try await connection.end()
        }
    }

    @Test func `A client that drips bytes does not have more time`() async throws {
        try await AdminBench.running(limits: Self.limits { $0.requestTime = .milliseconds(300) }) { bench in
            let connection = try await bench.connect()
            async let dripping: Void? = try? connection.sendSlowly(
                PlainHTTP.request("GET", "/health"), every: .milliseconds(50))
            #expect(try await connection.reply().status == 408)
            _ = try await connection.end()
            _ = await dripping
        }
    }

    @Test func `Too many connections cost the oldest its place, and not the newest`() async throws {
        try await AdminBench.running(limits: Self.limits { $0.connections = 4 }) { bench in
            var idle: [RawConnection] = []
            for _ in 0..<4 { idle.append(try await bench.connect()) }
            // So that the server has them all, in this order.
            for connection in idle { try await connection.send("GET") }
            let newest = try await bench.connect()
            _ = try await idle[0].end()
            try await newest.send(PlainHTTP.request("GET", "/health"))
            #expect(try await newest.reply().status == 200)
            #expect(idle[1].received.isEmpty)
            try await idle[1].send(" /health HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await idle[1].reply().status == 200)
        }
    }

    @Test func `Only the first of several requests on a connection is answered`() async throws {
        try await AdminBench.running { bench in
            let connection = try await bench.connect()
            try await connection.send(PlainHTTP.request("GET", "/health") + PlainHTTP.request("GET", "/ready"))
            #expect(try await connection.reply().text == "ok\n")
            _ = try await connection.end()
            #expect(connection.received.isEmpty)
        }
    }

    @Test func `A client that ends its side after the request gets its answer`() async throws {
        try await AdminBench.running { bench in
            let connection = try await bench.connect()
            try await connection.send(PlainHTTP.request("GET", "/health"))
            try await connection.finishSending()
            #expect(try await connection.reply().status == 200)
            _ = try await connection.end()
        }
    }

    @Test func `A client that ends its side without a request is closed`() async throws {
        try await AdminBench.running { bench in
            let connection = try await bench.connect()
            try await connection.finishSending()
            _ = try await connection.end(within: .seconds(3))
            #expect(connection.received.isEmpty)
        }
    }

    @Test func `A client that keeps the connection after its answer is cut off`() async throws {
        try await AdminBench.running(limits: Self.limits { $0.lingerTime = .milliseconds(300) }) { bench in
            let connection = try await bench.connect()
            try await connection.send(PlainHTTP.request("GET", "/health"))
            _ = try await connection.reply()
            // What the kernel refuses after the server's side is gone is noticed by writing.
            try await eventually("a write that is refused") {
                do {
                    try await connection.send("x")
                    return false
                } catch {
                    return true
                }
            }
        }
    }
}
