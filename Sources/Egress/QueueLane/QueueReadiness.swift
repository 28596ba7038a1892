import Daemon
import NATSClient

/// Whether the queue lanes can be served: their streams and consumers are there, and there is room for jobs.
struct QueueReadiness: Sendable {
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
        let consumers = try await JetStream(self.connection, timeout: .seconds(2))
            .consumerNames(of: QueueStreams.jobs)
        let missing = self.lanes.map { QueueConsumer.name(of: $0.account.name) }.filter { !consumers.contains($0) }
        let finding: ReadinessCheck.Finding =
            missing.isEmpty
            ? .holds : .unknown("not there yet: consumer \(missing.prefix(8).joined(separator: ", "))")
        return [ReadinessCheck("queue lane", finding)] + self.lanes.compactMap(self.room(of:))
    }

    private func room(of lanes: AccountLanes) -> ReadinessCheck? {
        let standing = lanes.queueStanding
        guard standing.isFull else { return nil }
        return ReadinessCheck(
            "jobs of \(lanes.account.name)",
            .fails("\(standing.held) jobs are held, as many as may be: more are pulled when some are done"))
    }
}
