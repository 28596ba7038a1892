/// Why a request or job came to nothing, as its requester and the error event's readers are told.
struct Failure: Error, Hashable, Sendable {
    /// The event's `code`: Graph's own where it gave one, else the status.
    let code: Int
    /// The header `Nats-Service-Error-Code`: an HTTP status.
    let status: Int
    let type: String
    let message: String
    /// What it counts as.
    let outcome: SendOutcome

    private init(_ status: Int, _ type: String, _ message: String, _ outcome: SendOutcome) {
        self.init(code: status, status: status, type: type, message: message, outcome)
    }

    /// The payload, the action or a control header is not what it must be: 400 `InvalidRequest`.
    static func invalid(_ error: ClientError) -> Failure {
        Failure(400, "InvalidRequest", error.message, .invalid)
    }

    /// Nothing was written, so nothing was sent: 503 `GraphUnavailable`.
    static func unreached(_ reason: String) -> Failure {
        Failure(
            503, "GraphUnavailable", "the Graph API was not reached, nothing was sent: \(reason.prefix(256))",
            .unavailable)
    }

    /// Written, but no answer tells what became of it: 504 `GraphUnavailable`.
    static func unknown(_ reason: String) -> Failure {
        Failure(
            504, "GraphUnavailable", "no answer of the Graph API, it may have been sent: \(reason.prefix(256))",
            .unknown)
    }

    /// The time that the job's `Wa-Expires` gave it was over: 408 `Expired`; it was not sent.
    static let expired = Failure(408, "Expired", "the time in Wa-Expires was over before it was sent", .expired)

    /// More requests wait for their turn than may: 429 `Overloaded`; nothing was sent.
    static func overloaded(waiting: Int) -> Failure {
        Failure(429, "Overloaded", "\(waiting) requests are waiting already, nothing was sent", .overloaded)
    }

    /// Graph answered, but the answer does not fit into a NATS message: 502 `ReplyTooLarge`.
    static func replyTooLarge(bytes: Int, limit: Int) -> Failure {
        Failure(
            502, "ReplyTooLarge",
            "the call was made, but the answer of \(bytes) bytes is over the server's max_payload of \(limit)",
            .sent)
    }

    /// Another request with the same `Wa-Idempotency-Key` has not been answered yet: 409 `InProgress`.
    static let inProgress = Failure(
        409, "InProgress", "a request with this Wa-Idempotency-Key is in progress", .running)

    /// Graph refused with an error object.
    ///
    /// The header's status is Graph's, 502 where that is a 2xx: a requester that looks at the header alone must not
    /// take it for a success.
    static func refused(_ error: GraphError, status: Int) -> Failure {
        let status = (200...299).contains(status) ? 502 : status
        let message = error.message.flatMap { $0.isEmpty ? nil : $0 }
        return Failure(
            code: error.code ?? status, status: status, type: error.type ?? graphRefused,
            message: message ?? "the Graph API refused with code \(error.code.map(String.init) ?? "unknown")", .refused)
    }

    /// Graph refused with a 3xx or 4xx and no error object: the status, `GraphRefused`.
    static func refused(status: Int) -> Failure {
        Failure(status, graphRefused, "the Graph API refused with HTTP status \(status) and no error object", .refused)
    }

    private static let graphRefused = "GraphRefused"

    private init(code: Int, status: Int, type: String, message: String, _ outcome: SendOutcome) {
        self.code = code
        self.status = status
        self.type = type
        self.message = message
        self.outcome = outcome
    }
}
