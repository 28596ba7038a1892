import Daemon
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import Admin

@Suite struct AdminPagesTests {
    private static func answer(
        _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:],
        report: ReadinessReport = ReadinessReport([], service: "serving")
    ) -> AdminAnswer {
        let head = HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: headers)
        guard case .now(let answer) = AdminPages(readiness: { report }).reply(to: head) else {
            preconditionFailure("health and readiness are there at once")
        }
        return answer
    }

    private static func text(_ answer: AdminAnswer) -> String { String(decoding: answer.body, as: UTF8.self) }

    @Test(arguments: ["/health", "/health?", "/health?verbose=1"])
    func `Health is ok`(target: String) {
        let answer = Self.answer(.GET, target)
        #expect(answer.status == 200 && Self.text(answer) == "ok\n")
    }

    @Test func `Readiness names each check and why it does not hold`() {
        let report = ReadinessReport(
            [
                ReadinessCheck("nats", .holds),
                ReadinessCheck("stream WHATSAPP_IN", .fails("it discards old messages")),
                ReadinessCheck("account a", .unknown("NATS is away")),
            ], service: "taking webhooks")
        let answer = Self.answer(.GET, "/ready", report: report)
        #expect(answer.status == 503 && answer.contentType == "application/json")
        let checks = [
            #"{"name":"nats","ok":true}"#,
            #"{"name":"stream WHATSAPP_IN","ok":false,"reason":"it discards old messages"}"#,
            #"{"name":"account a","ok":false,"reason":"NATS is away"}"#,
        ]
        #expect(Self.text(answer) == #"{"ready":false,"checks":["# + checks.joined(separator: ",") + "]}\n")
    }

    @Test func `A process that is ready and degraded says so with 200`() {
        let check = ReadinessCheck("account a", .degraded("a needs attention"))
        let answer = Self.answer(.GET, "/ready", report: ReadinessReport([check], service: "serving"))
        #expect(answer.status == 200)
        let json = #"{"name":"account a","ok":true,"degraded":true,"reason":"a needs attention"}"#
        #expect(Self.text(answer) == #"{"ready":true,"checks":["# + json + "]}\n")
    }

    @Test func `A process that is ready says so with 200`() {
        let report = ReadinessReport([ReadinessCheck("nats", .holds)], service: "serving")
        let answer = Self.answer(.GET, "/ready", report: report)
        #expect(answer.status == 200)
        #expect(Self.text(answer) == #"{"ready":true,"checks":[{"name":"nats","ok":true}]}"# + "\n")
    }

    @Test(arguments: ["a \"quoted\" \\ name", "line\r\nend\tand \u{0}\u{1F}", "日本 🎉 \u{FFFD}", "</script>"])
    func `Whatever a reason holds, the answer is JSON`(text: String) throws {
        let report = ReadinessReport([ReadinessCheck(text, .fails(text))], service: "")
        let parsed = try JSONSerialization.jsonObject(with: Data(report.json)) as? [String: Any]
        let checks = try #require(parsed?["checks"] as? [[String: Any]])
        #expect(checks[0]["name"] as? String == text && checks[0]["reason"] as? String == text)
        #expect(!report.json.dropLast().contains { $0 < 0x20 })
    }

    @Test(arguments: ["/", "/healthz", "/health/", "/Health", "/metrics", "*", "", "http://localhost/health"])
    func `Nothing else is here`(target: String) {
        #expect(Self.answer(.GET, target).status == 404)
        #expect(Self.answer(.POST, target).status == 404)
    }

    @Test(arguments: [HTTPMethod.POST, .PUT, .DELETE, .OPTIONS, .CONNECT, .TRACE, .PATCH])
    func `Another method is told which are allowed`(method: HTTPMethod) {
        let answer = Self.answer(method, "/ready")
        #expect(answer.status == 405 && answer.allowed == "GET, HEAD")
    }

    @Test(arguments: ["/health", "/ready", "/nothing"])
    func `An answer to HEAD counts its body and does not send it`(target: String) {
        let get = Self.answer(.GET, target)
        let head = Self.answer(.HEAD, target)
        #expect(get.sendsBody && !head.sendsBody)
        #expect(head.status == get.status && head.body == get.body)
        let bytes = String(buffer: head.bytes)
        #expect(bytes.contains("Content-Length: \(get.body.count)\r\n") && bytes.hasSuffix("\r\n\r\n"))
    }

    @Test(arguments: [["Content-Length": "1"], ["Transfer-Encoding": "chunked"], ["Content-Length": "007"]])
    func `A body is refused`(headers: [String: String]) {
        let answer = Self.answer(.GET, "/health", headers: HTTPHeaders(headers.map { ($0.key, $0.value) }))
        #expect(answer.status == 413)
    }

    @Test func `An empty body is none`() {
        #expect(Self.answer(.GET, "/health", headers: ["Content-Length": "0"]).status == 200)
    }
}
