import Daemon
import NATSClient

/// Whether the queue lanes can be served: their streams and consumers are there, and there is room for jobs.
struct QueueReadiness: Sendable {
    /// So many consumers are asked for one by one; a list of all would name those of every other worker too.
    private static let fewLanes = 8

    private let connection: NATSConnection
    private let streams: QueueStreams
    private let lanes: [AccountLanes]

    init(connection: NATSConnection, streams: QueueStreams, lanes: [AccountLanes]) {
        self.connection = connection
        self.streams = streams
        self.lanes = lanes
    }

    /// The checks of a server that has JetStream.
    ///
    /// - Throws: `NATSError` where nothing can be told now.
    func checks() async throws(NATSError) -> [ReadinessCheck] {
        let problems = try await self.streams.check()
        guard problems.isEmpty else { return [ReadinessCheck("queue lane", .of(problems))] }
        let missing = try await self.missingConsumers()
        let finding: ReadinessCheck.Finding =
            missing.isEmpty ? .holds : .unknown("not there yet: consumer \(ShortList(missing))")
        return [ReadinessCheck("queue lane", finding)] + self.lanes.compactMap(self.room(of:))
    }

    /// Whoever holds a lane makes its consumer, and is told when it goes; the server is asked for those of others alone.
    private func missingConsumers() async throws(NATSError) -> [String] {
        var (missing, wanted): ([String], [String]) = ([], [])
        for lane in self.lanes {
            let (name, standing) = (QueueConsumer.name(of: lane.account.name), lane.queueStanding)
            if !standing.isHolder { wanted.append(name) } else if !standing.isPulling { missing.append(name) }
        }
        guard missing.isEmpty, !wanted.isEmpty else { return missing }
        let jetStream = JetStream(self.connection, timeout: .seconds(2))
        guard wanted.count <= Self.fewLanes else {
            let there = try await jetStream.consumerNames(of: QueueStreams.jobs)
            return wanted.filter { !there.contains($0) }
        }
        return try await askEach(wanted, atOnce: Self.fewLanes) { name throws(NATSError) in
            try await jetStream.consumer(named: name, of: QueueStreams.jobs) == nil ? name : nil
        }.compactMap { $0 }.sorted()
    }

    private func room(of lanes: AccountLanes) -> ReadinessCheck? {
        let standing = lanes.queueStanding
        guard standing.isFull else { return nil }
        return ReadinessCheck(
            "jobs of \(lanes.account.name)",
            .degraded("\(standing.held) jobs are held, as many as may be: more are pulled when some are done"))
    }
}
