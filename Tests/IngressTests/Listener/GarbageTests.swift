import TestSupport
import Testing

@testable import Ingress

/// Random bytes on the port: an answer or the connection's end, never a crash, and never a webhook taken.
@Suite struct GarbageTests {
    @Test func `Random bytes do no harm`() async throws {
        let seed = Seed.forTest()
        try await ListenerBench.run(adjust: { $0.requestTime = .milliseconds(500) }) { bench in
            var random = seed.generator
            for round in 0..<400 {
                let bytes = Self.bytes(&random)
                let client = try bench.client()
                client.sendAsMuchAsGoes(bytes)
                client.shutdownWrite()
                // Reads to the end: every answer whole, and none of them a webhook's 200.
                while let answer = try client.response(toHead: true) {
                    #expect((400...505).contains(answer.status) || answer.status == 100, "seed \(seed) round \(round)")
                    // A body, where there is one, would be taken for the next head.
                    if answer.headers["content-length"] != "0", answer.status != 100 { break }
                }
            }
            #expect(bench.receiver.bodies.isEmpty)
            #expect(try bench.serves())
        }
    }

    /// Noise, or a good but unsigned request with some of its bytes changed, doubled or left out.
    private static func bytes(_ random: inout SeededGenerator) -> [UInt8] {
        if Bool.random(using: &random) {
            return (0..<Int.random(in: 1...3000, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        let wrong = "X-Hub-Signature-256: sha256=" + String(repeating: "0", count: 64)
        var request = [
            ListenerBench.head("POST /webhook", ["Content-Length: 40", wrong]) + String(repeating: "x", count: 40),
            ListenerBench.head("POST /webhook", ["Transfer-Encoding: chunked", wrong])
                + "5;a=b\r\nhello\r\n5\r\nworld\r\n0\r\nTrailer: x\r\n\r\n",
            ListenerBench.head(
                "GET /webhook?hub.mode=%73ubscribe&hub.verify_token=%zz+&hub.challenge=1", ["Expect: x"]),
            ListenerBench.head("POST /webhook", ["Content-Length: 5", "Expect: 100-continue", wrong]) + "hello",
        ].flatMap(\.utf8).shuffledRuns(using: &random)
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            let position = Int.random(in: 0..<request.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: request[position] = UInt8.random(in: 0...255, using: &random)
            case 1: request.insert(request[position], at: position)
            default: request.remove(at: position)
            }
        }
        return request
    }
}

extension Array where Element == UInt8 {
    /// The same bytes, begun anywhere.
    fileprivate func shuffledRuns(using random: inout SeededGenerator) -> [UInt8] {
        guard Bool.random(using: &random) else { return self }
        let start = Int.random(in: 0..<self.count, using: &random)
        return Array(self[start...] + self[..<start])
    }
}
