import NATSClient

/// What a request's control headers ask for.
struct RequestTerms: Hashable, Sendable {
    /// How long the requester waits, counted from receipt (`Wa-Timeout-Ms`, 100–60000 ms, else 4000): a call of which
    /// nothing is written by then is never written.
    let time: Duration
    /// The W3C `traceparent`, passed on to Graph and to the events; one that is malformed is left out.
    let traceparent: String?
    /// What makes repeats of the request harmless (`Wa-Idempotency-Key`, 1–256 bytes); `nil` without it.
    let idempotencyKey: String?

    /// - Throws: a client error that names the header and what was expected of it.
    init(_ message: NATSMessage) throws(ClientError) {
        if message.hasUnreadableHeaders {
            throw ClientError(
                "the headers cannot be read: expected lines of a name, a colon and a value, none of them empty")
        }
        if let text = try Self.value(of: "Wa-Timeout-Ms", in: message) {
            guard let milliseconds = Self.digits(text), (100...60000).contains(milliseconds) else {
                throw ClientError("header Wa-Timeout-Ms: expected milliseconds from 100 to 60000")
            }
            self.time = .milliseconds(milliseconds)
        } else {
            self.time = .seconds(4)
        }
        self.idempotencyKey = try Self.value(of: "Wa-Idempotency-Key", in: message)
        if let key = self.idempotencyKey, !(1...256).contains(key.utf8.count) {
            throw ClientError("header Wa-Idempotency-Key: expected 1 to 256 bytes")
        }
        self.traceparent = message.header("traceparent").flatMap { TraceContext.isValid($0) ? $0 : nil }
    }

    private static func value(of name: String, in message: NATSMessage) throws(ClientError) -> String? {
        let values = message.headers.filter { $0.name == name }
        guard values.count < 2 else { throw ClientError("header \(name): expected one, found \(values.count)") }
        return values.first?.value
    }

    private static func digits(_ text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
