import JSONBytes
import Logging
import NATSClient
import Settings
import TestSupport

/// JetStream's API has refused what a test asked for.
struct JetStreamRefusal: Error {
    let answer: String
}

extension NATSServer {
    /// Makes a stream, as an operator would.
    func makeStream(_ configuration: String) async throws {
        let document = try JSONDocument(validating: Array(configuration.utf8))
        try await self.jetStream("STREAM.CREATE.\(document.root["name"]?.string ?? "")", configuration)
    }

    /// Asks JetStream's API.
    ///
    /// - Parameter name: such as `STREAM.DELETE.ARCHIVE`.
    /// - Throws: `JetStreamRefusal` when the answer is an error.
    func jetStream(_ name: String, _ body: String = "") async throws {
        let answer = try await self.request("$JS.API.\(name)", body)
        guard try JSONDocument(validating: answer).root["error"] == nil else {
            throw JetStreamRefusal(answer: String(decoding: answer, as: UTF8.self))
        }
    }

    /// The answer to a request, made on a connection of its own.
    @discardableResult
    func request(_ subject: String, _ payload: String) async throws -> [UInt8] {
        let connection = NATSConnection(
            NATSOptions(
                servers: [Secret(self.url)], hosts: "127.0.0.1:\(self.port)", clientName: "operator",
                writesAtOnce: true, reconnectBufferBytes: 1 << 20),
            logger: Logger(label: "operator"))
        try await connection.connected()
        let message = OutgoingMessage(subject: subject, payload: Array(payload.utf8))
        let reply = try await connection.request(message, timeout: .seconds(10))
        await connection.close()
        return Array(reply.payload)
    }
}
