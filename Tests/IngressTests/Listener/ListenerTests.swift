import Foundation
import Synchronization
import TestSupport
import Testing
import TraceContext

@testable import Ingress

/// The table of requests and answers.
@Suite struct ListenerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let request: String
        let status: Int
        var body = ""
        var header: (name: String, value: String)?
        var testDescription: String { self.request.prefix { !$0.isNewline } + " → \(self.status)" }

        init(
            _ line: String, _ status: Int, _ body: String = "", header: (String, String)? = nil, sent: [String] = []
        ) {
            self.request = ListenerBench.head(line, sent)
            self.status = status
            self.body = body
            self.header = header
        }
    }

    @Test(arguments: [
        Row(
            "GET /webhook?hub.mode=subscribe&hub.verify_token=verify-token&hub.challenge=1158201444", 200, "1158201444",
            header: ("content-type", "text/plain")),
        Row("GET /webhook?hub.challenge=a%2Bb+c&hub.verify_token=verify%2Dtoken&hub.mode=subscribe", 200, "a+b c"),
        Row("GET /webhook?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1", 403),
        Row("GET /webhook?hub.mode=subscribe&hub.verify_token=&hub.challenge=1", 403),
        Row("GET /webhook?hub.mode=unsubscribe&hub.verify_token=verify-token&hub.challenge=1", 403),
        Row("GET /webhook", 403),
        Row("PUT /webhook", 405, header: ("allow", "GET, POST")),
        Row("DELETE /webhook?a=b", 405, header: ("allow", "GET, POST")),
        Row("OPTIONS /webhook", 405, header: ("allow", "GET, POST")),
        Row("GET /health", 200, "ok"),
        Row("GET /health?verbose", 200, "ok"),
        Row("GET http://gateway.example/health", 200, "ok"),
        Row("POST /health", 405, header: ("allow", "GET, HEAD")),
        Row("GET /", 404), Row("GET /webhooks", 404), Row("GET /webhook/", 404), Row("OPTIONS *", 404),
        Row("CONNECT localhost:80", 404), Row("GET /%77ebhook", 404),
        Row("POST /webhook", 401, sent: ["Content-Length: 0"]),
        Row("POST /webhook", 401, sent: ["Content-Length: 0", "X-Hub-Signature-256: sha256=00"]),
        Row("GET /health", 417, sent: ["Expect: 200-ok"]),
        Row(
            "GET /health", 200, "ok",
            sent: ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"]),
    ]) func `Each request gets the answer of the table`(row: Row) async throws {
        let answer = try await ListenerBench.run { bench in try bench.ask(row.request) }
        #expect(answer?.status == row.status)
        #expect(answer?.text == row.body)
        if let (name, value) = row.header { #expect(answer?.headers[name] == value) }
    }

    @Test func `HEAD on the health page counts the body and sends none`() async throws {
        try await ListenerBench.run { bench in
            let client = try bench.client()
            try client.send(ListenerBench.head("HEAD /health", []))
            let answer = try client.response(toHead: true)
            #expect(answer?.status == 200)
            #expect(answer?.headers["content-length"] == "2")
            try client.send(ListenerBench.head("GET /health", []))
            #expect(try client.response()?.text == "ok")
        }
    }

    @Test func `A signed webhook reaches the receiver byte for byte, with its place in a trace`() async throws {
        let body = Array("{\"text\":\"\\u0041\\/ÿ\"}\r\n\0".utf8)
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        try await ListenerBench.run { bench in
            let client = try bench.client()
            try client.send(
                ListenerBench.webhook(body, headers: ["TraceParent: \(trace)", "tracestate: a=1", "Tracestate: b=2"]))
            #expect(try client.response() == .init(status: 200, headers: ["content-length": "0"], body: []))
            #expect(bench.receiver.bodies == [body])
            #expect(bench.receiver.traces == [TraceHeaders(traceparent: trace, tracestate: "a=1,b=2")])
            #expect(bench.receiver.traces.first?.traceparent == trace)
        }
    }

    @Test(arguments: [
        (WebhookVerdict.accepted, 200, nil), (.badRequest, 400, nil), (.tooLarge, 413, nil),
        (.unavailable(retryAfterSeconds: 7), 503, "7"),
    ]) func `The receiver's verdict is what the sender is told`(
        verdict: WebhookVerdict, status: Int, retryAfter: String?
    ) async throws {
        let answer = try await ListenerBench.run(verdict) { bench in
            let client = try bench.client()
            try client.send(ListenerBench.webhook("{}"))
            return try client.response()
        }
        #expect(answer?.status == status)
        #expect(answer?.headers["retry-after"] == retryAfter)
    }

    @Test func `A webhook with a wrong signature is refused and not received`() async throws {
        try await ListenerBench.run { bench in
            for signature in [
                ListenerBench.signature(of: Array("{ }".utf8)), ListenerBench.signature(of: [], secret: "x"),
            ] {
                let head = ListenerBench.head(
                    "POST /webhook?ignored=1", ["Content-Length: 2", "X-Hub-Signature-256: \(signature)"])
                let answer = try bench.ask(head, body: "{}")
                #expect(answer?.status == 401)
            }
            #expect(bench.receiver.bodies.isEmpty)
        }
    }

    @Test func `Two signature headers are none`() async throws {
        try await ListenerBench.run { bench in
            let right = "X-Hub-Signature-256: \(ListenerBench.signature(of: Array("{}".utf8)))"
            let head = ListenerBench.head("POST /webhook", ["Content-Length: 2", right, right])
            let answer = try bench.ask(head, body: "{}")
            #expect(answer?.status == 401)
            #expect(bench.receiver.bodies.isEmpty)
        }
    }

    @Test func `Unsigned webhooks are received where that is allowed`() async throws {
        try await ListenerBench.run(signature: .unsigned) { bench in
            let answer = try bench.ask(ListenerBench.head("POST /webhook", ["Content-Length: 2"]), body: "{}")
            #expect(answer?.status == 200)
            #expect(bench.receiver.bodies == [Array("{}".utf8)])
        }
    }

    @Test func `Every inbound fixture is taken with the signature of the manifest`() async throws {
        let fixtures = try InboundFixture.all()
        #expect(fixtures.count > 50)
        try await ListenerBench.run { bench in
            let client = try bench.client()
            for fixture in fixtures {
                let head = ListenerBench.head(
                    "POST /webhook",
                    ["Content-Length: \(fixture.body.count)", "x-hub-signature-256: \(fixture.signature)"])
                try client.send(Array(head.utf8) + fixture.body)
                #expect(try client.response()?.status == 200, "\(fixture.name)")
            }
            #expect(bench.receiver.bodies == fixtures.map(\.body))
        }
    }

    @Test func `A chunked body is put together`() async throws {
        let body = Array("{\"a\":[1,2,3]}".utf8)
        try await ListenerBench.run { bench in
            let client = try bench.client()
            let signature = ListenerBench.signature(of: body)
            try client.send(
                ListenerBench.head(
                    "POST /webhook", ["Transfer-Encoding: chunked", "X-Hub-Signature-256: \(signature)"]))
            for byte in body {
                try client.send(Array("1;ignored=\"extension\"\r\n".utf8) + [byte] + Array("\r\n".utf8))
            }
            try client.send("0\r\nTrailer: ignored\r\n\r\n")
            #expect(try client.response()?.status == 200)
            #expect(bench.receiver.bodies == [body])
        }
    }

    @Test func `A client that waits to be told so is told to go on`() async throws {
        try await ListenerBench.run { bench in
            let client = try bench.client()
            let request = ListenerBench.webhook("{}", headers: ["Expect: 100-continue"])
            try client.send(Array(request.dropLast(2)))
            #expect(try client.response()?.status == 100)
            try client.send("{}")
            #expect(try client.response()?.status == 200)
        }
    }

    @Test func `A client that waits to be told so is not asked for a body that is refused`() async throws {
        try await ListenerBench.run { bench in
            let client = try bench.client()
            try client.send(ListenerBench.head("POST /webhook", ["Content-Length: 5", "Expect: 100-continue"]))
            let answer = try client.response()
            #expect(answer?.status == 401)
            #expect(answer?.headers["connection"] == "close")
            #expect(try client.isAtEnd())
        }
    }

    @Test func `A connection is kept, and closed when the client says so`() async throws {
        try await ListenerBench.run { bench in
            let client = try bench.client()
            for _ in 0..<3 {
                try client.send(ListenerBench.webhook("{}"))
                #expect(try client.response()?.headers["connection"] == nil)
            }
            try client.send(ListenerBench.webhook("{}", headers: ["Connection: close"]))
            #expect(try client.response()?.headers["connection"] == "close")
            #expect(try client.isAtEnd())
            let old = try bench.client()
            try old.send("GET /health HTTP/1.0\r\n\r\n")
            #expect(try old.response()?.text == "ok")
            #expect(try old.isAtEnd())
        }
    }

    @Test func `Every answer is told of, with its status and its time`() async throws {
        let outcomes = Outcomes()
        try await ListenerBench.run(answered: { outcomes.add($0) }) { bench in
            #expect(try bench.serves())
            _ = try bench.ask(ListenerBench.head("GET /health", []))
            _ = try bench.ask(ListenerBench.head("GET /webhook", []))
            _ = try bench.ask(ListenerBench.head("GET /nowhere", []))
            _ = try bench.ask("no HTTP\r\n\r\n")
        }
        let seen = outcomes.all
        #expect(seen.map(\.status) == [200, 200, 403, 404, 400])
        #expect(seen.map(\.kind) == [.webhook, .health, .verification, .other, .other])
        #expect(seen.allSatisfy { $0.duration >= .zero && $0.duration < .seconds(10) })
    }

    @Test func `An inherited listening socket is used as it is`() async throws {
        let (descriptor, port) = try Self.listeningSocket()
        let answer = try await ListenerBench.run(address: .descriptor(descriptor)) { bench in
            #expect(bench.port == port)
            return try bench.ask(ListenerBench.head("GET /health", []))
        }
        #expect(answer?.text == "ok")
    }

    @Test func `An address in use is an error that names it`() async throws {
        let (descriptor, port) = try Self.listeningSocket()
        defer { close(descriptor) }
        let error = await #expect(throws: ListenerError.self) {
            try await ListenerBench.run(address: .hostAndPort("127.0.0.1", port)) { _ in }
        }
        #expect(error?.description == "cannot listen on 127.0.0.1 port \(port): Address already in use")
    }

    private static func listeningSocket() throws -> (descriptor: CInt, port: Int) {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) + listen(descriptor, 16) + getsockname(descriptor, $0, &length)
            }
        }
        try #require(result == 0)
        return (descriptor, Int(in_port_t(bigEndian: address.sin_port)))
    }
}

/// Gathers what the listener tells of its answers.
final class Outcomes: Sendable {
    private let outcomes = Mutex<[RequestOutcome]>([])

    var all: [RequestOutcome] { self.outcomes.withLock { $0 } }

    func add(_ outcome: RequestOutcome) {
        self.outcomes.withLock { $0.append(outcome) }
    }
}
