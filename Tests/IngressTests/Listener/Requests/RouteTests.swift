import NIOCore
import NIOHTTP1
import Testing

@testable import Ingress

@Suite struct RouteTests {
    @Test(
        arguments: [
            (.POST, "/webhook", .webhook), (.POST, "/webhook?hub.mode=subscribe", .webhook),
            (.GET, "/webhook", .verification(query: "")), (.GET, "/webhook?", .verification(query: "")),
            (.GET, "/webhook?a=b?c", .verification(query: "a=b?c")),
            (.GET, "https://host:8443/webhook?a", .verification(query: "a")), (.POST, "HTTP://host/webhook", .webhook),
            (.HEAD, "/webhook", .methodNotAllowed(allowed: "GET, POST")),
            (.RAW(value: "BREW"), "/webhook", .methodNotAllowed(allowed: "GET, POST")),
            (.GET, "/health", .health(withBody: true)), (.HEAD, "/health?a", .health(withBody: false)),
            (.PUT, "/health", .methodNotAllowed(allowed: "GET, HEAD")),
            (.POST, "/", .notFound), (.POST, "", .notFound), (.GET, "//health", .notFound),
            (.GET, "/HEALTH", .notFound),
            (.GET, "http://host", .notFound), (.GET, "ftp://host/health", .notFound), (.OPTIONS, "*", .notFound),
            (.GET, "/health#a", .notFound), (.GET, "é", .notFound),
        ] as [(HTTPMethod, String, Route)]) func `Method and path decide`(
            method: HTTPMethod, target: String, route: Route
        )
    {
        #expect(Route(method: method, target: target) == route)
    }
}

@Suite struct RequestFieldsTests {
    @Test func `Names are compared without regard to case`() {
        let fields = RequestFields([
            "X-HUB-SIGNATURE-256": "sha256=00", "traceParent": "00-1", "CONTENT-length": "12", "expect": "100-Continue",
        ])
        #expect(fields.signature == "sha256=00")
        #expect(fields.traceparent == "00-1")
        #expect(fields.body == .sized(12))
        #expect(fields.expectation == .continue100)
        #expect(!fields.offersUpgrade)
    }

    @Test func `Names of the same length are not taken for each other`() {
        let fields = RequestFields([
            "X-Hub-Signature-25x": "a", "traceparenT\u{e9}": "b", "content-lengt@": "12", "expec\u{14}": "x",
            "Upgrad\u{5}": "x",
        ])
        #expect(fields == RequestFields([:]))
    }

    @Test func `HTTP 1_0 expects nothing`() {
        #expect(RequestFields(["Expect": "100-continue"], mayExpect: false).expectation == .none)
    }

    @Test func `A header that may stand once and stands twice is none`() {
        let fields = RequestFields([
            "X-Hub-Signature-256": "a", "x-hub-signature-256": "a", "traceparent": "b", "Traceparent": "b",
        ])
        #expect(fields.signature == nil)
        #expect(fields.traceparent == nil)
    }

    @Test(
        arguments: [
            ("Content-Length", "0", .none), ("Content-Length", "4194305", .sized(4_194_305)),
            ("Content-Length", "9223372036854775808", .sized(.max)), ("Transfer-Encoding", "chunked", .chunked),
            ("Transfer-Encoding", "gzip, chunked", .chunked), ("X", "y", .none),
        ] as [(String, String, RequestFields.Body)]) func `The body is what the headers announce`(
            name: String, value: String, body: RequestFields.Body
        )
    {
        #expect(RequestFields([name: value]).body == body)
    }
}

@Suite struct AnswerTests {
    private func text(_ answer: Answer, closes: Bool = false) -> String {
        String(buffer: answer.bytes(closes: closes))
    }

    @Test func `An answer says no more than it must`() {
        #expect(self.text(.ok) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(self.text(.ok, closes: true) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        #expect(
            self.text(.unavailable(retryAfterSeconds: -1))
                == "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n")
        #expect(self.text(.text(Array("ok".utf8))).hasSuffix("Content-Length: 2\r\n\r\nok"))
        #expect(self.text(.text(Array("ok".utf8), sendsBody: false)).hasSuffix("Content-Length: 2\r\n\r\n"))
    }

    @Test(arguments: [
        Answer.ok, .badRequest, .unauthorized, .forbidden, .notFound, .methodNotAllowed(allowed: "GET"),
        .requestTimeout,
        .contentTooLarge, .expectationFailed, .headersTooLarge, .unavailable(retryAfterSeconds: 1),
        .versionNotSupported,
    ]) func `Each status has its own words`(answer: Answer) {
        let line = self.text(answer).prefix { !$0.isNewline }
        #expect(line.hasPrefix("HTTP/1.1 \(answer.status) "))
        #expect(line.hasSuffix("HTTP Version Not Supported") == (answer.status == 505))
    }
}

@Suite struct HeadVerdictTests {
    private func verdict(_ headers: HTTPHeaders, isFull: Bool = false) -> Int? {
        let verdict = HeadVerdict(
            RequestFields(headers), signature: SignatureCheck(secrets: []), maxBodyBytes: 100, isFull: isFull,
            retryAfterSeconds: 1)
        guard case .refuse(let answer) = verdict else { return nil }
        return answer.status
    }

    private let signed = ("x-hub-signature-256", "sha256=" + String(repeating: "0", count: 64))

    @Test func `What can never succeed is refused for that, whether there is room or not`() {
        for isFull in [false, true] {
            #expect(self.verdict(["content-length": "101"], isFull: isFull) == 401)
            #expect(self.verdict([self.signed.0: self.signed.1, "content-length": "101"], isFull: isFull) == 413)
        }
    }

    @Test func `What may succeed is read if there is room`() {
        for length in [("content-length", "100"), ("transfer-encoding", "chunked"), ("x", "")] {
            let headers = HTTPHeaders([self.signed, length])
            #expect(self.verdict(headers) == nil)
            #expect(self.verdict(headers, isFull: true) == 503)
        }
    }
}
