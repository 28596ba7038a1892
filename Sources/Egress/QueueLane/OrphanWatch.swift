import Addressing
import Logging
import NATSClient

/// Warns of jobs that wait for an account that no worker serves: a PubAck says nothing about the account.
struct OrphanWatch: Sendable {
    private static let period = Duration.seconds(60)

    private let connection: NATSConnection
    private let count: OrphanCount
    private let logger: Logger

    init(connection: NATSConnection, count: OrphanCount, logger: Logger) {
        self.connection = connection
        self.count = count
        self.logger = logger
    }

    /// Looks once a minute, until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: Self.period)
            guard !Task.isCancelled, let orphans = try? await self.orphans() else { continue }
            self.count.found(orphans)
            for (account, count) in orphans.sorted(by: { $0.key < $1.key }) {
                self.logger.warning(
                    "jobs wait for an account that no worker serves; configure it, or take the jobs out of the stream",
                    metadata: ["account": "\(account)", "jobs": "\(count)"])
            }
        }
    }

    /// How many jobs wait for each account whose lane nobody holds; subjects that name no account are told as they are.
    func orphans() async throws(NATSError) -> [String: Int] {
        let jetStream = JetStream(self.connection)
        let leases = try await LeaseBucket.heldAccounts(on: self.connection)
        let jobs = try await jetStream.subjectCounts(in: QueueStreams.jobs, matching: "whatsapp.*.queue.*")
        var orphans: [String: Int] = [:]
        for (subject, count) in jobs {
            let account = OutboundSubject(parsing: subject)?.account
            if let account, leases.contains(account.value) { continue }
            orphans[account?.value ?? subject, default: 0] += count
        }
        return orphans
    }
}
