import Logging
import NATSClient
import Synchronization

/// Remembers the jobs of one account that were acked lately, and takes out of the stream what a crash of nats-server
/// has brought back of them.
///
/// A consumer that is made anew would deliver these as if they had never been sent; until then nobody sees them.
final class SettledRecord: Sendable {
    /// From a look that has failed to the next.
    private static let pause = Duration.milliseconds(500)
    /// Questions asked at once.
    private static let width = 32

    private let connection: NATSConnection
    private let logger: Logger
    private let jobs = Mutex(SettledJobs())

    init(connection: NATSConnection, logger: Logger) {
        self.connection = connection
        self.logger = logger
    }

    /// A job's ack has been confirmed.
    func note(_ job: Job) {
        self.jobs.withLock { $0.settled(job.mark, at: .now) }
    }

    /// Whether a job that was delivered is one of those.
    func contains(_ job: Job) -> Bool {
        self.jobs.withLock { $0.contains(job.mark) }
    }

    /// Looks whenever the connection has come back, until the task is cancelled.
    func run() async {
        for await _ in self.connection.returns {
            while !Task.isCancelled, await !self.hasTakenAwayReturned() {
                try? await Task.sleep(for: Self.pause)
            }
        }
    }

    private func hasTakenAwayReturned() async -> Bool {
        do throws(NATSError) {
            try await self.takeAwayReturned()
            return true
        } catch {
            self.logger.debug("settled jobs cannot be looked for; trying again", metadata: ["error": "\(error)"])
            return false
        }
    }

    private func takeAwayReturned() async throws(NATSError) {
        let marks = self.jobs.withLock { $0.endangered }
        let returned = try await askEach(marks, atOnce: Self.width) { mark async throws(NATSError) in
            try await self.takeAway(mark)
        }.count { $0 }
        guard returned > 0 else { return }
        self.logger.notice(
            "NATS has brought back jobs that were done; they are taken away again", metadata: ["jobs": "\(returned)"])
    }

    /// - Returns: whether it was there.
    private func takeAway(_ mark: SettledJobs.Mark) async throws(NATSError) -> Bool {
        let jetStream = JetStream(self.connection)
        guard let found = try await jetStream.message(in: QueueStreams.jobs, sequence: mark.sequence),
            found.storedAt == mark.stored
        else { return false }
        _ = try await jetStream.deleteMessage(in: QueueStreams.jobs, sequence: mark.sequence)
        // The server may crash again before it has written this down.
        self.jobs.withLock { $0.settled(mark, at: .now) }
        return true
    }
}
