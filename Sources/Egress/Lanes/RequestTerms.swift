import NATSClient

/// What a request's control headers ask for.
struct RequestTerms: Hashable, Sendable {
    /// How long the requester waits, counted from receipt (`Wa-Timeout-Ms`, 100–60000 ms, else 4000): a call of which
    /// nothing is written by then is never written.
    let time: Duration
    /// What makes repeats of the request harmless (`Wa-Idempotency-Key`, 1–256 bytes); `nil` without it.
    let idempotencyKey: String?

    /// - Throws: a client error that names the header and what was expected of it.
    init(_ message: NATSMessage) throws(ClientError) {
        let headers = try ControlHeaders(of: message)
        if let text = try headers["Wa-Timeout-Ms"] {
            guard let milliseconds = ControlHeaders.digits(text), (100...60000).contains(milliseconds) else {
                throw ClientError("header Wa-Timeout-Ms: expected milliseconds from 100 to 60000")
            }
            self.time = .milliseconds(milliseconds)
        } else {
            self.time = .seconds(4)
        }
        self.idempotencyKey = try headers["Wa-Idempotency-Key"]
        if let key = self.idempotencyKey, !(1...256).contains(key.utf8.count) {
            throw ClientError("header Wa-Idempotency-Key: expected 1 to 256 bytes")
        }
    }
}
