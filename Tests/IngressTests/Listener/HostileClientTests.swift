import Foundation
import Testing

@testable import Ingress

/// Clients that mean no good, or know no better: a clear answer or the end of the connection, and others are served.
@Suite struct HostileClientTests {
    enum Part: Sendable { case head, body }

    @Test(arguments: [Part.head, .body])
    func `A request a byte at a time is over when its time is over`(part: Part) async throws {
        try await ListenerBench.run(adjust: { $0.requestTime = .milliseconds(500) }) { bench in
            let client = try bench.client()
            let filler = String(repeating: "x", count: 5000)
            let request =
                switch part {
                case .head: Array("POST /webhook HTTP/1.1\r\nX: \(filler)".utf8)
                case .body: ListenerBench.webhook(filler)
                }
            let clock = ContinuousClock()
            let start = clock.now
            // The pace is the point here: bytes keep coming, and the deadline does not move.
            for byte in request where clock.now - start < .milliseconds(450) {
                try client.send([byte])
                usleep(10_000)
            }
            let answer = try client.response()
            #expect(answer?.status == 408)
            #expect(answer?.headers["connection"] == "close")
            #expect(try client.isAtEnd())
            #expect(clock.now - start >= .milliseconds(490))
            #expect(clock.now - start < .seconds(5))
            #expect(try bench.serves())
            #expect(bench.receiver.bodies.count == 1)
        }
    }

    @Test(arguments: ["P", "POST /webhook HTTP/1.1\r\nHost: ", "POST /webhook HTTP/1.1\r\nHost: localhost\r\n", "\r\n"])
    func `A head that stops is over when its time is over`(head: String) async throws {
        try await ListenerBench.run(adjust: { $0.requestTime = .milliseconds(100) }) { bench in
            let client = try bench.client()
            try client.send(head)
            #expect(try client.response()?.status == 408)
            #expect(try client.isAtEnd())
        }
    }

    @Test func `A connection on which nothing comes is closed without a word`() async throws {
        try await ListenerBench.run(adjust: { $0.requestTime = .milliseconds(100) }) { bench in
            let answer = try bench.client().response()
            #expect(answer == nil)
        }
    }

    @Test func `A kept connection is closed when it has been idle for long enough`() async throws {
        try await ListenerBench.run(adjust: { $0.idleTime = .milliseconds(100) }) { bench in
            let client = try bench.client()
            try client.send(ListenerBench.head("GET /health", []))
            #expect(try client.response()?.status == 200)
            #expect(try client.isAtEnd())
        }
    }

    @Test func `With too many connections the oldest idle one goes`() async throws {
        try await ListenerBench.run(
            adjust: { configuration in
                configuration.maxConnections = 16
                configuration.eventLoops = 1
            }
        ) { bench in
            var clients: [RawClient] = []
            func ask(_ client: RawClient) throws -> Int? {
                client.sendAsMuchAsGoes(Array(ListenerBench.head("GET /health", []).utf8))
                return try client.response()?.status
            }
            for _ in 0..<16 {
                let client = try bench.client()
                #expect(try ask(client) == 200)
                clients.append(client)
            }
            // The first is used again: now the second is the oldest.
            #expect(try ask(clients[0]) == 200)
            let newcomer = try bench.client()
            #expect(try ask(newcomer) == 200)
            #expect(try clients[1].isAtEnd())
            #expect(try ask(clients[0]) == 200)
            #expect(try ask(clients[2]) == 200)
        }
    }

    @Test func `A thousand idle connections keep nobody from being served`() async throws {
        try await ListenerBench.run(adjust: { $0.maxConnections = 300 }) { bench in
            let idle = try (0..<1000).map { _ in try bench.client() }
            #expect(try bench.serves())
            #expect(try idle[0].isAtEnd())
        }
    }

    @Test(arguments: [
        ("Content-Length: 2\r\nContent-Length: 3", 400), ("Content-Length: 2\r\nTransfer-Encoding: chunked", 400),
        ("Content-Length: -1", 400), ("Content-Length: 0x10", 400), ("Content-Length: ", 400),
        ("Content-Length: 99999999999999999999999", 400), ("Content-Length: 9223372036854775808", 413),
        ("Content-Length: 4194305", 413), ("Transfer-Encoding: identity", 400),
        (" folded: header", 400), ("Na me: x", 400), ("X: a\0b", 400),
    ]) func `A head that contradicts itself is answered before any body`(lines: String, status: Int) async throws {
        try await ListenerBench.run { bench in
            let client = try bench.client()
            let signature = "X-Hub-Signature-256: \(ListenerBench.signature(of: []))"
            try client.send(ListenerBench.head("POST /webhook", [lines, signature]))
            #expect(try client.response()?.status == status)
            #expect(try client.isAtEnd())
            #expect(bench.receiver.bodies.isEmpty)
        }
    }

    @Test func `A webhook that announces no body has an empty one`() async throws {
        try await ListenerBench.run { bench in
            let client = try bench.client()
            let signature = ListenerBench.signature(of: [])
            try client.send(ListenerBench.head("POST /webhook", ["X-Hub-Signature-256: \(signature)"]))
            #expect(try client.response()?.status == 200)
            #expect(bench.receiver.bodies == [[]])
        }
    }

    @Test func `Bytes beyond the announced length are the next request`() async throws {
        try await ListenerBench.run { bench in
            let client = try bench.client()
            try client.send(ListenerBench.webhook("{}") + Array("{}\r\n\r\n".utf8))
            #expect(try client.response()?.status == 200)
            #expect(try client.response()?.status == 400)
            #expect(try client.isAtEnd())
            #expect(bench.receiver.bodies == [Array("{}".utf8)])
        }
    }

    @Test(arguments: [
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n", "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}",
    ]) func `Broken chunks are no HTTP`(rest: String) async throws {
        try await ListenerBench.run { bench in
            let client = try bench.client()
            let signature = ListenerBench.signature(of: Array("{}".utf8))
            try client.send("POST /webhook HTTP/1.1\r\nX-Hub-Signature-256: \(signature)\r\n" + rest)
            #expect(try client.response()?.status == 400)
            #expect(try client.isAtEnd())
            #expect(bench.receiver.bodies.isEmpty)
        }
    }

    @Test(arguments: [
        (["X: " + String(repeating: "x", count: 20_000)], "/webhook"),
        ((0..<200).map { "X-\($0): y" }, "/webhook"),
        ((0..<20).map { "X-\($0): " + String(repeating: "y", count: 1000) }, "/webhook"),
        ([], "/" + String(repeating: "x", count: 20_000)),
        ([String(repeating: "x", count: 20_000) + ": y"], "/webhook"),
    ]) func `Huge headers are refused as such`(headers: [String], target: String) async throws {
        try await ListenerBench.run { bench in
            let client = try bench.client()
            try client.send(ListenerBench.head("POST \(target)", headers))
            #expect(try client.response()?.status == 431)
            #expect(try client.isAtEnd())
        }
    }

    @Test(
        arguments: [
            ([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03], 400),
            (Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), 400), (Array("GET /health HTTP/2.0\r\n\r\n".utf8), 505),
            (Array("GET /health\r\n\r\n".utf8), 505),
            (Array("SSH-2.0-OpenSSH_9.2\r\n".utf8), 400), (Array("GET health HTTP/1.1\r\n\r\n".utf8), 400),
            (Array("HTTP/1.1 200 OK\r\n\r\n".utf8), 400), ([0], 400),
        ] as [([UInt8], Int)]) func `What is no HTTP/1 is told so, and the connection ends`(
            bytes: [UInt8], status: Int
        ) async throws
    {
        try await ListenerBench.run { bench in
            let client = try bench.client()
            try client.send(bytes)
            #expect(try client.response()?.status == status)
            #expect(try client.isAtEnd())
            #expect(try bench.serves())
        }
    }

    @Test func `A client that does not read its answers is not read from, and cut off`() async throws {
        try await ListenerBench.run(adjust: { $0.requestTime = .milliseconds(500) }) { bench in
            let client = try bench.client(receiveBuffer: 4096)
            let query = "hub.mode=subscribe&hub.verify_token=verify-token&hub.challenge="
            let target = "/webhook?" + query + String(repeating: "x", count: 8000)
            let request = Array(ListenerBench.head("GET \(target)", []).utf8)
            // 64 MB of requests and of answers: far more than the kernel's buffers hold.
            var sent = 0
            while sent < 8000, client.sendAsMuchAsGoes(request) == request.count { sent += 1 }
            #expect(sent < 8000)
            #expect(try bench.serves())
        }
    }
}
