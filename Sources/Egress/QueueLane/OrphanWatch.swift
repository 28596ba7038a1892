import Addressing
import Daemon
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
            guard !orphans.isEmpty else { continue }
            self.logger.warning(
                "jobs wait for accounts that no worker serves; configure these, or take the jobs out of the stream",
                metadata: [
                    "orphans": "\(Self.named(orphans))", "jobs": "\(orphans.values.reduce(0, +))",
                ])
        }
    }

    /// Those with most jobs: whoever may store jobs may think of any number of names.
    static func named(_ orphans: [String: Int]) -> ShortList {
        let sorted = orphans.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return ShortList(sorted.map { "\($0.key): \($0.value)" })
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
