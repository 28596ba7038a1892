import JSONBytes
import NATSClient
import TestSupport

/// What JetStream's API refuses, or how its answer differs from what was expected.
struct StreamAnswer: Error, CustomStringConvertible {
    let description: String
}

extension Gateway {
    /// Asks JetStream's API and returns its answer.
    ///
    /// - Parameter name: such as `STREAM.INFO.WHATSAPP_IN`.
    /// - Throws: `StreamAnswer` when the answer is an error.
    func jetStream(_ name: String, _ body: String = "") async throws -> JSONTree {
        let reply = try await self.nats.request(
            OutgoingMessage(subject: "$JS.API.\(name)", payload: Array(body.utf8)), timeout: .seconds(10))
        let answer = try JSONTree(reply.payload)
        guard answer["error"] == nil else { throw StreamAnswer(description: "\(name): \(answer)") }
        return answer
    }

    /// How many messages a stream holds.
    func messageCount(of stream: String) async throws -> Int {
        try await self.jetStream("STREAM.INFO.\(stream)")["state"]?["messages"]?.int ?? -1
    }
}
