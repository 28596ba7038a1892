import Addressing
import Daemon
import Logging
import NATSClient
import Settings
import Synchronization

/// Whether the egress can serve: NATS knows its queue groups, nothing races its answers, and no account is paused.
final class EgressReadiness: Sendable {
    private let connection: NATSConnection
    private let lanes: [AccountLanes]
    private let streams: StreamSettings
    private let logger: Logger
    /// Whether the buckets are known to be there.
    private let hasBuckets = Atomic<Bool>(false)
    /// What was found wrong with the streams last, so that it is logged once.
    private let streamProblem = Mutex<String?>(nil)

    init(connection: NATSConnection, lanes: [AccountLanes], streams: StreamSettings, logger: Logger) {
        self.connection = connection
        self.lanes = lanes
        self.streams = streams
        self.logger = logger
    }

    func finding() async -> ReadinessLoop.Finding {
        guard self.connection.isConnected else { return .notReady("waiting for NATS at \(self.connection.hosts)") }
        do throws(NATSError) {
            // The subscriptions were written before this, so an answer says that the server knows them.
            try await self.connection.roundTrip(timeout: .seconds(2))
            if let problem = try await self.problemWithStreams() { return .notReady(problem) }
        } catch {
            return .notReady("NATS at \(self.connection.hosts): \(error)")
        }
        let pauses = self.lanes.compactMap(\.pause)
        guard pauses.isEmpty else { return .notReady(pauses.joined(separator: "; ")) }
        return .ready("serving \(self.lanes.map(\.account.name.value).joined(separator: ", "))")
    }

    /// A stream over the request lane answers requests with its own ack, before or after the real answer.
    private func problemWithStreams() async throws(NATSError) -> String? {
        let jetStream = JetStream(self.connection, timeout: .seconds(2))
        var problem: String?
        if try await jetStream.isAvailable() {
            try await self.makeBuckets()
            for lanes in self.lanes where problem == nil {
                let subject = OutboundSubjects(of: lanes.account.name).requests
                if let stream = try await jetStream.streams(covering: subject).first {
                    problem =
                        "stream \(stream) covers \(subject): its acks race WhatsApp's answers; take the subject out of it"
                }
            }
        }
        let isNews = self.streamProblem.withLock { last in
            defer { last = problem }
            return last != problem
        }
        if isNews, let problem { self.logger.error("\(problem)") }
        return problem
    }

    private func makeBuckets() async throws(NATSError) {
        guard !self.hasBuckets.load(ordering: .relaxed) else { return }
        try await IdempotencyStore.makeBucket(on: self.connection, self.streams)
        self.hasBuckets.store(true, ordering: .relaxed)
    }
}
