import Daemon
import Logging
import Synchronization

/// The line of the log, at debug level, that tells what became of one webhook whose signature is right; nothing of the
/// body is in it.
final class WebhookNote: Sendable {
    private struct Findings {
        var events = 0
        var error: String?
    }

    private let logger: Logger
    private let size: Int
    private let received = ContinuousClock.now
    private let findings = Mutex(Findings())

    /// `nil` where nobody wants to know.
    ///
    /// - Parameter size: the body's, in bytes.
    init?(_ logger: Logger, size: Int) {
        guard logger.logLevel <= .debug else { return nil }
        self.logger = logger
        self.size = size
    }

    func found(events: Int) {
        self.findings.withLock { $0.events = events }
    }

    /// - Parameter error: words of ours, which quote nothing.
    func failed(_ error: String) {
        self.findings.withLock { $0.error = error }
    }

    func answered(_ verdict: WebhookVerdict) {
        let findings = self.findings.withLock { $0 }
        var metadata: Logger.Metadata = [
            "status": "\(Answer(verdict).status)", "events": "\(findings.events)", "bytes": "\(self.size)",
            "duration_ms": "\((.now - self.received).inMilliseconds)",
        ]
        if let error = findings.error { metadata["error"] = "\(error)" }
        self.logger.debug("webhook answered", metadata: metadata)
    }
}
