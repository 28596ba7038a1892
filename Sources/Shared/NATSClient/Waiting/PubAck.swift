import JSONBytes

/// JetStream's answer to a published message: it is stored.
package struct PubAck: Hashable, Sendable {
    package let stream: String
    /// The message's place in the stream; of the earlier message when it is a duplicate.
    package let sequence: UInt64
    /// Whether a message with the same `Nats-Msg-Id` was stored within the dedupe window: this one was not.
    package let isDuplicate: Bool

    package init(stream: String, sequence: UInt64, isDuplicate: Bool) {
        self.stream = stream
        self.sequence = sequence
        self.isDuplicate = isDuplicate
    }

    static func read(_ payload: [UInt8]) -> Result<PubAck, NATSError> {
        Result { () throws(NATSError) in try PubAck(parsing: payload) }
    }

    /// Reads the reply to a publish.
    ///
    /// - Throws: `NATSError` with code `refused` where JetStream refuses, or the reply is no PubAck (a plain
    ///   subscriber answered).
    init(parsing payload: [UInt8]) throws(NATSError) {
        guard let document = try? JSONDocument(validating: payload) else {
            throw NATSError(.refused, "the reply to a publish is no PubAck")
        }
        if let error = document.root["error"] {
            throw NATSError(jetStreamError: error)
        }
        guard let stream = document.root["stream"]?.string, let sequence = document.root["seq"]?.int else {
            throw NATSError(.refused, "the reply to a publish is no PubAck")
        }
        self.init(
            stream: stream, sequence: UInt64(max(0, sequence)), isDuplicate: document.root["duplicate"]?.bool ?? false)
    }
}

extension NATSError {
    /// The `error` member of a JetStream API answer: `{"code":503,"err_code":10077,"description":"…"}`.
    init(jetStreamError error: JSONValue) {
        let description = error["description"]?.string ?? "JetStream error"
        let code = error["err_code"]?.int
        self.init(.refused, code.map { "\(description) (\($0))" } ?? description, jetStreamCode: code)
    }
}
