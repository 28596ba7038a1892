import NATSClient

/// What a job's control headers ask for.
struct JobTerms: Hashable, Sendable {
    /// What becomes of a job that may have been sent, when nothing tells whether it was (`Wa-On-Doubt`).
    enum OnDoubt: String, Hashable, Sendable {
        /// It becomes a dead letter, and is not sent again.
        case dead
        /// It is sent again, perhaps a second time.
        case retry
    }

    let onDoubt: OnDoubt
    /// The instant from which on it is not sent any more (`Wa-Expires`: RFC 3339 with zone, or Unix seconds).
    let expires: StreamTime?

    /// - Throws: a client error that names the header and what was expected of it.
    init(_ message: NATSMessage) throws(ClientError) {
        let headers = try ControlHeaders(of: message)
        if let text = try headers["Wa-On-Doubt"] {
            guard let onDoubt = OnDoubt(rawValue: text) else {
                throw ClientError("header Wa-On-Doubt: expected dead or retry")
            }
            self.onDoubt = onDoubt
        } else {
            self.onDoubt = .dead
        }
        self.expires = try headers["Wa-Expires"].map { text throws(ClientError) in try Self.time(text) }
    }

    private static func time(_ text: String) throws(ClientError) -> StreamTime {
        guard let time = StreamTime(instant: text) else {
            throw ClientError("header Wa-Expires: expected RFC 3339 with a zone, or Unix seconds")
        }
        return time
    }
}
