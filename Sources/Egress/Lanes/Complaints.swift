import Logging
import Synchronization

/// Logs a trouble that many jobs meet at once: the first time, and then once a minute at most.
final class Complaints: Sendable {
    private let logger: Logger
    private let message: Logger.Message
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    init(_ message: Logger.Message, logger: Logger) {
        self.message = message
        self.logger = logger
    }

    func note(_ error: any Error) {
        let now = ContinuousClock.now
        let isDue = self.last.withLock { last in
            if let last, now - last < .seconds(60) { return false }
            last = now
            return true
        }
        if isDue { self.logger.warning(self.message, metadata: ["error": "\(error)"]) }
    }
}
