import Addressing
import Daemon
import Logging
import NATSClient
import Synchronization

/// Whether the egress can serve: NATS knows its queue groups, nothing races its answers, and no account is paused.
final class EgressReadiness: Sendable {
    private let connection: NATSConnection
    private let lanes: [AccountLanes]
    private let queues: QueueReadiness
    private let logger: Logger
    private let findings = Mutex(Findings())

    /// What the latest look has found.
    private struct Findings {
        /// Streams over the request lane; each is logged once.
        var rivals: [String] = []
        /// One that found none of these.
        var goodLook: GoodLook?
        /// Why the queue lane was not served when it was looked at last.
        var queueProblem: String?
    }

    init(connection: NATSConnection, lanes: [AccountLanes], streams: QueueStreams, logger: Logger) {
        self.connection = connection
        self.lanes = lanes
        self.queues = QueueReadiness(connection: connection, streams: streams, lanes: lanes)
        self.logger = logger
        if streams.areInMemory {
            logger.warning(
                "STREAM_STORAGE=memory: jobs are lost when nats-server stops; to keep them, set file and make the streams anew"
            )
        }
    }

    /// Looks at NATS, and makes what is missing of the queue lane's streams and buckets.
    func report() async -> ReadinessReport {
        ReadinessReport(
            await self.checksOfNATS()
                + self.lanes.map { lanes in
                    ReadinessCheck("account \(lanes.account.name)", lanes.finding)
                },
            service: "serving \(ShortList(self.lanes.map(\.account.name.value)))")
    }

    private func checksOfNATS() async -> [ReadinessCheck] {
        guard self.connection.isConnected else {
            let away = ReadinessCheck.Finding.unknown("waiting for NATS at \(self.connection.hosts)")
            return self.checks(nats: away, streams: away)
        }
        do throws(NATSError) {
            // Answered or refused, this question has come through: NATS answers.
            guard try await JetStream(self.connection, timeout: .seconds(2)).isAvailable() else {
                return self.checks(nats: .holds, streams: .holds)
            }
            return self.checks(nats: .holds, streams: .of(try await self.problemsOfStreams()))
                + (try await self.checksOfQueues())
        } catch {
            if let away = await self.absence() { return self.checks(nats: .unknown(away), streams: .unknown(away)) }
            let reason = "JetStream at \(self.connection.hosts): \(error)"
            return self.checks(nats: .holds, streams: error.code == .refused ? .fails(reason) : .unknown(reason))
        }
    }

    private func checksOfQueues() async throws(NATSError) -> [ReadinessCheck] {
        let checks = try await self.queues.checks()
        let problem = checks.lazy.compactMap { check in
            if case .fails(let reason) = check.finding { reason } else { nil }
        }.first
        let isNew = self.findings.withLock { found in
            defer { found.queueProblem = problem }
            return found.queueProblem != problem
        }
        if isNew, let problem {
            self.logger.error("the queue lane is not served: \(problem); put that right")
        }
        return checks
    }

    /// Why NATS does not answer; nil where it does.
    private func absence() async -> String? {
        do throws(NATSError) {
            try await self.connection.roundTrip(timeout: .seconds(1))
            return nil
        } catch {
            return "NATS at \(self.connection.hosts): \(error)"
        }
    }

    private func checks(nats: ReadinessCheck.Finding, streams: ReadinessCheck.Finding) -> [ReadinessCheck] {
        // The subscriptions were written before the question, so an answer says that the server knows them.
        [
            ReadinessCheck("nats", nats), ReadinessCheck("subscriptions", nats),
            ReadinessCheck("streams over out.*", streams),
        ]
    }

    /// A stream over the request lane answers requests with its own ack, before or after the real answer.
    private func problemsOfStreams() async throws(NATSError) -> [String] {
        let reconnects = self.connection.reconnects
        if self.findings.withLock({ $0.goodLook?.isFresh(after: reconnects, at: .now) }) == true { return [] }
        let jetStream = JetStream(self.connection, timeout: .seconds(2))
        var problems: [String] = []
        // One question for all accounts; there is no such stream, as a rule.
        for name in try await jetStream.streams(covering: OutboundSubjects.allRequests) {
            guard let stream = try await jetStream.stream(named: name) else { continue }
            for subject in self.lanes.map({ OutboundSubjects(of: $0.account.name).requests })
            where stream.takes(subject) {
                problems.append(
                    "stream \(name) covers \(subject): its acks race WhatsApp's answers; take the subject out of it")
            }
        }
        let news = self.findings.withLock { found in
            let goodLook = problems.isEmpty ? GoodLook(after: reconnects, at: .now) : nil
            defer { (found.rivals, found.goodLook) = (problems, goodLook) }
            return problems.filter { !found.rivals.contains($0) }
        }
        for problem in news { self.logger.error("\(problem)") }
        return problems
    }
}
