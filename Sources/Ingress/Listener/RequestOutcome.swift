import Daemon
import Logging

/// One answered request, for metrics and log.
struct RequestOutcome: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// `POST /webhook`.
        case webhook
        /// `GET /webhook`.
        case verification
        /// `GET /health`.
        case health
        /// Another path or method, or no HTTP at all.
        case other
    }

    let kind: Kind
    /// The HTTP status answered.
    let status: Int
    /// From the request's first byte to the answer's writing.
    let duration: Duration
}

extension Logger {
    /// Tells at debug level of a webhook that was refused for its head, its signature, its size or its slowness.
    func refused(_ outcome: RequestOutcome) {
        guard outcome.kind == .webhook else { return }
        self.debug(
            "webhook answered",
            metadata: [
                "status": "\(outcome.status)", "events": "0", "duration_ms": "\(outcome.duration.inMilliseconds)",
            ])
    }
}
