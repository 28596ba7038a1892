import JSONBytes
import TestSupport
import Testing

@testable import Egress

/// Payloads that nobody would write on purpose.
@Suite struct HostilePayloadTests {
    @Test func `A mutated payload becomes a call that is safe to make, or a client error`() throws {
        let seed = Seed.forTest()
        var random = seed.generator
        let fixtures = try OutboundFixture.all().filter { $0.request.count < 2000 }
        var calls = 0
        for _ in 0..<20_000 {
            let fixture = try #require(fixtures.randomElement(using: &random))
            // Now and then a payload comes under the subject of another action.
            let stranger =
                Int.random(in: 0..<10, using: &random) == 0 ? Action.allCases.randomElement(using: &random) : nil
            var mutation = PayloadMutation(fixture.request)
            for _ in 0..<Int.random(in: 1...3, using: &random) { mutation.mutate(using: &random) }
            if outcome(of: stranger?.rawValue ?? fixture.action, mutation.bytes, seed: seed) { calls += 1 }
        }
        print("hostile payloads: \(calls) of 20000 became a call")
        #expect(calls > 1000, "seed \(seed)")
    }

    @Test func `A mutated path never leaves the version`() throws {
        let seed = Seed.forTest()
        var random = seed.generator
        let pieces = [
            "/", "..", ".", "%2e", "%2F", "%25", "%5c", "\\", "?", "#", "@", ":", "5", "messages", "é", " ", "%", "%zz",
            "\n",
            "[", "&", "=", "https", "106540352242922",
        ]
        var paths = 0
        for _ in 0..<20_000 {
            let given = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            guard let path = try? GraphPath(given.joined()) else { continue }
            paths += 1
            #expect(isSafe(path.text), "\(given.joined()), seed \(seed)")
        }
        print("hostile paths: \(paths) of 20000 were taken")
        #expect(paths > 100, "seed \(seed)")
    }

    /// Whether the payload became a call; records an issue where that call, or what is said of it, is no good.
    private func outcome(of action: String, _ payload: [UInt8], seed: Seed) -> Bool {
        let about: Comment = "\(action) \(String(decoding: payload, as: UTF8.self)), seed \(seed)"
        do {
            let call = try OutboundCall(action: action, payload: payload, from: .mine)
            #expect(isSafe(call.call.path), about)
            #expect(call.call.body != nil || call.call.method != .post, about)
            if let body = call.call.body { #expect(throws: Never.self, about) { try JSONDocument(validating: body) } }
            let event = ErrorEvent(action: action, payload: payload, call: call, .unknown("reset"))
            #expect(throws: Never.self, about) { try JSONDocument(validating: event.json(atMost: 1 << 20)) }
            return true
        } catch {
            #expect(!error.message.isEmpty, about)
            let event = ErrorEvent(action: action, payload: payload, call: nil, .invalid(error))
            #expect(throws: Never.self, about) { try JSONDocument(validating: event.json(atMost: 1 << 20)) }
            return false
        }
    }

    /// Whether a URL made of a base and this path stays below the base, by a reading of its own.
    private func isSafe(_ path: String) -> Bool {
        guard
            path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "#") }),
            path.first != "/", let beforeQuery = path.split(separator: "?", omittingEmptySubsequences: false).first
        else { return false }
        var segments = String(beforeQuery)
        for _ in 0...3 {
            if segments.split(whereSeparator: { $0 == "/" || $0 == "\\" }).contains(where: { $0 == "." || $0 == ".." })
            {
                return false
            }
            segments = segments.replacing("%2e", with: ".").replacing("%2E", with: ".").replacing("%2F", with: "/")
                .replacing("%2f", with: "/").replacing("%5c", with: "\\").replacing("%25", with: "%")
        }
        return true
    }
}
