import Foundation
import Settings
import Testing
import TraceContext

@testable import Egress

/// Calls that come back with an answer, and what goes over the wire for them.
@Suite struct CurlTransportAnswersTests {
    @Test func `An answer comes back byte for byte`() async throws {
        let body = "{\"messages\":[{\"id\":\"wamid.\\u00e9é\"}],\"n\":1.50}\r\n\u{0}"
        let server = try WireServer.answering(response(body: body))
        let outcome = try await CurlTransport.with(server.url) { await $0.send() }
        #expect(outcome == .answered(GraphAnswer(status: 200, body: Array(body.utf8))))
    }

    @Test func `A message is posted with token, content type and user agent`() async throws {
        let server = try WireServer.answering(response())
        let body = (0...255).map { UInt8($0) }
        let trace = TraceHeaders(
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", tracestate: "a=1, b=2")
        let call = GraphCall(path: "123/messages?a=%20b", body: body, trace: trace)
        _ = try await CurlTransport.with(server.url + "/proxy/") { await $0.send(call) }

        let request = try #require(server.requests.first)
        #expect(request.head.first == "POST /proxy/v21.0/123/messages?a=%20b HTTP/1.1")
        #expect(request.body == body)
        #expect(request.values("Authorization") == ["Bearer \(testToken.revealed)"])
        #expect(request.values("Content-Type") == ["application/json"])
        #expect(request.values("Content-Length") == ["256"])
        #expect(request.values("User-Agent") == ["whatsapp-bot-nats/1.2.3"])
        #expect(request.values("traceparent") == [trace.traceparent])
        #expect(request.values("tracestate") == ["a=1, b=2"])
        #expect(request.values("Host") == ["127.0.0.1:\(server.port)"])
        #expect(request.values("Expect").isEmpty)
        #expect(request.values("Accept-Encoding").isEmpty)
    }

    @Test(arguments: [
        (GraphCall(method: .get, path: "x", body: nil), "GET /v21.0/x HTTP/1.1", []),
        (GraphCall(method: .delete, path: "x?a=1", body: nil), "DELETE /v21.0/x?a=1 HTTP/1.1", []),
        (GraphCall(method: .delete, path: "x", body: Array("{}".utf8)), "DELETE /v21.0/x HTTP/1.1", ["2"]),
        (GraphCall(method: .post, path: "x", body: nil), "POST /v21.0/x HTTP/1.1", ["0"]),
        (GraphCall(method: .post, path: "x", body: []), "POST /v21.0/x HTTP/1.1", ["0"]),
        (GraphCall(method: .get, path: "a/./b/../c//d", body: nil), "GET /v21.0/a/./b/../c//d HTTP/1.1", []),
    ])
    func `Every method goes out as it is, one after another on one handle`(
        call: GraphCall, line: String, length: [String]
    ) async throws {
        let server = try WireServer.answering(response())
        try await CurlTransport.with(server.url) { transport in
            #expect(await transport.send().answer?.status == 200)
            #expect(await transport.send(call).answer?.status == 200)
            #expect(await transport.send().answer?.status == 200)
        }
        #expect(
            server.requests.map(\.head.first) == ["POST /v21.0/1234567890/messages HTTP/1.1", line]
                + ["POST /v21.0/1234567890/messages HTTP/1.1"])
        let request = server.requests[1]
        #expect(request.values("Content-Length") == length)
        #expect(request.values("Content-Type") == ["application/json"])
        #expect(request.body == call.body ?? [])
        #expect(server.requests[2].body == GraphCall.sample.body)
    }

    @Test(arguments: [
        "200 OK", "201 Created", "302 Found", "400 Bad Request", "401 Unauthorized", "407 Proxy",
        "417 Expectation Failed",
        "429 Too Many", "500 Oops", "503 Unavailable",
    ])
    func `A whole response is an answer whatever its status, and no redirect is followed`(status: String) async throws {
        let server = try WireServer.answering(response(status, headers: ["Location: /elsewhere"], body: "x"))
        let outcome = try await CurlTransport.with(server.url) { await $0.send() }
        #expect(outcome.answer?.status == Int(status.prefix(3)))
        #expect(outcome.answer?.body == Array("x".utf8))
        #expect(server.requests.count == 1)
    }

    @Test func `A chunked answer is put together, and an interim response passed over`() async throws {
        let server = try WireServer.answering(
            "HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Trailer: 1\r\n\r\n")
        let outcome = try await CurlTransport.with(server.url) { await $0.send() }
        #expect(outcome == .answered(GraphAnswer(status: 200, body: Array("abcdefg".utf8))))
    }

    @Test(arguments: ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n"])
    func `An answer without a body is an answer`(bytes: String) async throws {
        let server = try WireServer.answering(bytes)
        let outcome = try await CurlTransport.with(server.url) { await $0.send() }
        #expect(outcome.answer?.body == [])
    }

    @Test func `An answer that ends with the connection is whole`() async throws {
        let server = try WireServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\r\nabc")
        }
        let outcome = try await CurlTransport.with(server.url) { await $0.send() }
        #expect(outcome.answer?.body == Array("abc".utf8))
    }

    @Test func `A compressed answer nobody asked for is passed on as it is`() async throws {
        let server = try WireServer.answering(response(headers: ["Content-Encoding: gzip"], body: "not gzip"))
        let outcome = try await CurlTransport.with(server.url) { await $0.send() }
        #expect(outcome.answer?.body == Array("not gzip".utf8))
    }

    @Test func `An answer that comes before the request is read whole is an answer`() async throws {
        let server = try WireServer { connection in
            _ = connection.readHead()
            connection.write(response("413 Too Large", headers: ["Connection: close"], body: "no"))
            connection.waitForEnd()
        }
        let call = GraphCall(path: "x", body: [UInt8](repeating: 0x20, count: 16 << 20))
        let outcome = try await CurlTransport.with(server.url) { await $0.send(call) }
        #expect(outcome == .answered(GraphAnswer(status: 413, body: Array("no".utf8))))
    }

    @Test func `A body of a megabyte and more goes out whole, without asking first`() async throws {
        let server = try WireServer.answering(response())
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20)
        let outcome = try await CurlTransport.with(server.url) { await $0.send(GraphCall(path: "x", body: body)) }
        #expect(outcome.answer?.status == 200)
        #expect(server.requests.first?.body.count == body.count)
        #expect(server.requests.first?.values("Expect") == [])
    }

    @Test func `Retry-After and the highest time to regain access are read`() async throws {
        let usage = #"{"1":[{"estimated_time_to_regain_access":3},{"estimated_time_to_regain_access":7}]}"#
        let server = try WireServer.answering(
            response(
                "429 Too Many",
                headers: [
                    "retry-after: 17", "X-Business-Use-Case-Usage: \(usage)", #"X-App-Usage: {"call_count":100}"#,
                ]))
        let answer = try await CurlTransport.with(server.url) { await $0.send() }.answer
        #expect(answer?.retryAfter == .seconds(17))
        #expect(answer?.regainAccess == .seconds(7 * 60))
    }

    @Test(arguments: ["a\r\nX-Injected: yes", "a b", "a\u{0}b", "é", ""])
    func `A token that no header may carry is not sent`(token: String) async throws {
        let server = try WireServer.answering(response())
        let outcome = try await CurlTransport.with(server.url) { await $0.send(token: Secret(token)) }
        #expect(outcome.notWrittenReason?.contains("access token") == true)
        #expect(server.accepted == 0)
    }

    @Test(arguments: ["a b", "a\r\nb", "a\u{0}b", "a#b", "a\\b", "é"])
    func `A path that no URL may have is not sent`(path: String) async throws {
        let server = try WireServer.answering(response())
        let outcome = try await CurlTransport.with(server.url) { await $0.send(GraphCall(path: path, body: nil)) }
        #expect(outcome.notWrittenReason?.contains("path") == true)
        #expect(server.accepted == 0)
    }
}
