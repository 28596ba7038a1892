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
    /// How often NATS had come back when the buckets were last known to be there; a server may have lost them since.
    private let bucketsSeen = Atomic<Int>(-1)
    /// What was found wrong with the streams last, so that it is logged once.
    private let streamProblems = Mutex<[String]>([])

    init(connection: NATSConnection, lanes: [AccountLanes], streams: StreamSettings, logger: Logger) {
        self.connection = connection
        self.lanes = lanes
        self.streams = streams
        self.logger = logger
    }

    /// Looks at NATS, and makes the buckets if they are missing.
    func report() async -> ReadinessReport {
        ReadinessReport(
            await self.checksOfNATS()
                + self.lanes.map { lanes in
                    ReadinessCheck("account \(lanes.account.name)", lanes.finding)
                },
            service: "serving \(self.lanes.map(\.account.name.value).joined(separator: ", "))")
    }

    private func checksOfNATS() async -> [ReadinessCheck] {
        guard self.connection.isConnected else {
            let away = ReadinessCheck.Finding.unknown("waiting for NATS at \(self.connection.hosts)")
            return self.checks(nats: away, streams: away)
        }
        do throws(NATSError) {
            try await self.connection.roundTrip(timeout: .seconds(2))
        } catch {
            let away = ReadinessCheck.Finding.unknown("NATS at \(self.connection.hosts): \(error)")
            return self.checks(nats: away, streams: away)
        }
        do throws(NATSError) {
            return self.checks(nats: .holds, streams: .of(try await self.problemsOfStreams()))
        } catch {
            let reason = "JetStream at \(self.connection.hosts): \(error)"
            return self.checks(nats: .holds, streams: error.code == .refused ? .fails(reason) : .unknown(reason))
        }
    }

    private func checks(nats: ReadinessCheck.Finding, streams: ReadinessCheck.Finding) -> [ReadinessCheck] {
        // The subscriptions were written before the round trip, so an answer says that the server knows them.
        [
            ReadinessCheck("nats", nats), ReadinessCheck("subscriptions", nats),
            ReadinessCheck("streams over out.*", streams),
        ]
    }

    /// A stream over the request lane answers requests with its own ack, before or after the real answer.
    private func problemsOfStreams() async throws(NATSError) -> [String] {
        let jetStream = JetStream(self.connection, timeout: .seconds(2))
        var problems: [String] = []
        if try await jetStream.isAvailable() {
            try await self.makeBuckets()
            // One question for all accounts; there is no such stream, as a rule.
            for name in try await jetStream.streams(covering: OutboundSubjects.allRequests) {
                guard let stream = try await jetStream.stream(named: name) else { continue }
                for subject in self.lanes.map({ OutboundSubjects(of: $0.account.name).requests })
                where stream.takes(subject) {
                    problems.append(
                        "stream \(name) covers \(subject): its acks race WhatsApp's answers; take the subject out of it"
                    )
                }
            }
        }
        let news = self.streamProblems.withLock { last in
            defer { last = problems }
            return problems.filter { !last.contains($0) }
        }
        for problem in news { self.logger.error("\(problem)") }
        return problems
    }

    private func makeBuckets() async throws(NATSError) {
        let reconnects = self.connection.reconnects
        guard self.bucketsSeen.load(ordering: .relaxed) != reconnects else { return }
        try await IdempotencyStore.makeBucket(on: self.connection, self.streams)
        self.bucketsSeen.store(reconnects, ordering: .relaxed)
    }
}
