import Daemon
import Logging
import NATSClient

/// One line at debug level for each request and each job that has ended; nothing of what was sent is in it.
extension Logger {
    /// - Parameters:
    ///   - action: the action token of the subject, as it came.
    ///   - received: when the request came.
    func ended(_ action: String, _ reply: Reply, since received: ContinuousClock.Instant) {
        self.debug(
            "request ended",
            metadata: Self.outcome(
                action, reply.failure.map(Self.word) ?? "sent", reply.failure, after: .now - received))
    }

    /// A request got the reply that another with its idempotency key has had.
    func repeated(_ action: String, since received: ContinuousClock.Instant) {
        self.debug("request ended", metadata: Self.outcome(action, "repeated", nil, after: .now - received))
    }

    /// A job has been settled; its time began when it was stored.
    func ended(_ settlement: Settlement) {
        self.debug("job ended", metadata: Self.outcome(of: settlement))
    }

    private static func outcome(of settlement: Settlement) -> Metadata {
        let word: String
        var failure: Failure?
        switch settlement.end {
        case .sent: word = "sent"
        case .withdrawn: word = "withdrawn"
        case .dead(let reason, let cause):
            failure = cause
            word =
                switch reason {
                case .unknownOutcome: "unknown"
                case .outOfAttempts: "dead"
                case .invalid, .refused, .expired: reason.rawValue
                }
        }
        var metadata = Self.outcome(
            settlement.job.action, word, failure, after: StreamTime.now - settlement.job.delivery.ack.storedAt)
        metadata["job_id"] = "\(settlement.job.id)"
        metadata["attempts"] = "\(settlement.attempts)"
        return metadata
    }

    private static func outcome(
        _ action: String, _ word: String, _ failure: Failure?, after duration: Duration
    ) -> Metadata {
        // What is no action may be anything.
        var metadata: Metadata = [
            "action": "\(Action(rawValue: action)?.rawValue ?? "unknown")", "outcome": "\(word)",
            "duration_ms": "\(duration.inMilliseconds)",
        ]
        if let failure { metadata["code"] = "\(failure.code)" }
        return metadata
    }

    /// How a request has ended that has come to nothing.
    private static func word(for failure: Failure) -> String {
        switch (failure.type, failure.status) {
        case ("InvalidRequest", _): "invalid"
        case ("Overloaded", _): "overloaded"
        case ("InProgress", _): "running"
        case ("GraphUnavailable", 503): "unavailable"
        case ("GraphUnavailable", _): "unknown"
        default: "refused"
        }
    }
}
