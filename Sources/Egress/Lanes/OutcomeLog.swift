import Daemon
import Logging
import NATSClient

/// One line at debug level for each request and each job that has ended; nothing of what was sent is in it.
extension Logger {
    /// - Parameters:
    ///   - action: nil for a name of which there is none, which may be anything.
    ///   - failure: nil where there is none, or the first request with its key has told of it.
    ///   - received: when the request came.
    func ended(
        _ action: Action?, _ outcome: SendOutcome, _ failure: Failure?, since received: ContinuousClock.Instant
    ) {
        self.debug("request ended", metadata: Self.facts(action, outcome, failure, after: .now - received))
    }

    /// A job has been settled; its time began when it was stored.
    func ended(_ settlement: Settlement) {
        guard let outcome = settlement.end.outcome else { return }
        self.debug("job ended", metadata: Self.facts(of: settlement, outcome))
    }

    private static func facts(of settlement: Settlement, _ outcome: SendOutcome) -> Metadata {
        let job = settlement.job
        var failure: Failure?
        if case .dead(_, let cause) = settlement.end { failure = cause }
        var metadata = Self.facts(
            Action(rawValue: job.action), outcome, failure, after: StreamTime.now - job.delivery.ack.storedAt)
        metadata["job_id"] = "\(job.id)"
        metadata["attempts"] = "\(settlement.attempts)"
        return metadata
    }

    private static func facts(
        _ action: Action?, _ outcome: SendOutcome, _ failure: Failure?, after duration: Duration
    ) -> Metadata {
        var metadata: Metadata = [
            "action": "\(action?.rawValue ?? "unknown")", "outcome": "\(outcome)",
            "duration_ms": "\(duration.inMilliseconds)",
        ]
        if let failure { metadata["code"] = "\(failure.code)" }
        return metadata
    }
}
