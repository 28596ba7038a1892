import Settings
import Testing

@testable import Egress

/// A token that must turn up in the `Authorization` header and nowhere else.
let testToken = Secret("EAAtoken0123456789")

extension CurlTransport {
    /// A transport to `url`, used and shut down.
    static func with<Result>(
        _ url: String, maxInFlight: Int = 256, timeout: Duration = .seconds(10), maxResponseBytes: Int = 8 << 20,
        certificateAuthorities: String? = nil, _ body: (CurlTransport) async throws -> Result
    ) async throws -> Result {
        let endpoint = try #require(GraphEndpoint(url: url, version: "v21.0"))
        let transport = try CurlTransport(
            endpoint: endpoint, version: "1.2.3", maxInFlight: maxInFlight, timeout: timeout,
            maxResponseBytes: maxResponseBytes, certificateAuthorities: certificateAuthorities)
        let result: Result
        do {
            result = try await body(transport)
        } catch {
            await transport.shutdown()
            throw error
        }
        await transport.shutdown()
        return result
    }

    /// Sends a message-like call, by default with five seconds to be written.
    func send(
        _ call: GraphCall = .sample, token: Secret = testToken, within limit: Duration = .seconds(5)
    ) async -> GraphOutcome {
        await self.perform(call, token: token, writeBy: .now + limit)
    }
}

extension GraphCall {
    static var sample: GraphCall { GraphCall(path: "1234567890/messages", body: Array(#"{"a":1}"#.utf8)) }
    static var get: GraphCall { GraphCall(method: .get, path: "1234567890?fields=id", body: nil) }
}

extension GraphOutcome {
    var answer: GraphAnswer? {
        guard case .answered(let answer) = self else { return nil }
        return answer
    }

    var lostReason: String? {
        guard case .lost(let reason) = self else { return nil }
        return reason
    }

    var notWrittenReason: String? {
        guard case .notWritten(let reason) = self else { return nil }
        return reason
    }
}

/// A whole response with a body and a length.
func response(_ status: String = "200 OK", headers: [String] = [], body: String = "{}") -> String {
    (["HTTP/1.1 \(status)"] + headers + ["Content-Length: \(body.utf8.count)", "", body]).joined(separator: "\r\n")
}

/// Waits for a fact, at most ten seconds.
func until(_ fact: () throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(10)
    while try !fact() {
        try #require(ContinuousClock.now < end, "it never came true")
        try await Task.sleep(for: .milliseconds(2))
    }
}
