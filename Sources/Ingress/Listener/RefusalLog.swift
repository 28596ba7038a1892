import Logging
import NIOCore
import Synchronization

/// Logs refusals of one sort: a warning once a minute, with their number and nothing of what was sent.
final class RefusalLog: Sendable {
    private let tally = Mutex(RefusalTally())
    private let logger: Logger
    private let message: String

    init(_ message: String, logger: Logger) {
        self.message = message
        self.logger = logger
    }

    /// - Parameter eventLoop: the one this is called on; it logs what was not said at once.
    func refused(on eventLoop: any EventLoop) {
        switch self.tally.withLock({ $0.refused(at: .now()) }) {
        case .warn(let count): self.warn(count)
        case .flush(let delay):
            eventLoop.scheduleTask(in: delay) {
                if let count = self.tally.withLock({ $0.flush(at: .now()) }) { self.warn(count) }
            }
        case .none: break
        }
    }

    private func warn(_ count: Int) {
        self.logger.warning("\(self.message)", metadata: ["count": "\(count)"])
    }
}
