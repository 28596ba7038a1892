import Addressing
import CoreMetrics
import Daemon
import Logging
import NATSClient
import NATSService
import Prometheus
import TraceContext

/// What one account needs to send: its sender and its lanes.
struct AccountLanes: Sendable {
    let account: ServedAccount
    private let sender: AccountSender
    private let requests: RequestLane
    private let queue: QueueLane
    private let tally = EndpointTally()

    /// Subscribes; `run()` has to be running for anything to be sent.
    ///
    /// - Parameters:
    ///   - callTime: how long a call may take once its writing has begun.
    ///   - maximumHeld: how many jobs may be held (`EGRESS_MAX_HELD`).
    ///   - worker: this process, among those that serve the account.
    init(
        _ account: ServedAccount, limits: SendLimits, callTime: Duration, maximumHeld: Int,
        transport: any GraphTransport, connection: NATSConnection, streams: QueueStreams, worker: WorkerID,
        metrics: any MetricsFactory, traces: Traces, logger: Logger
    ) {
        self.account = account
        var logger = logger
        logger[metadataKey: "account"] = "\(account.name)"
        let events = EventPublisher(of: account.name, connection: connection)
        let sender = AccountSender(
            account, limits: limits, transport: transport, metrics: metrics, logger: logger
        ) {
            [logger] answer, action in
            let result = CallResult(.answered(answer), of: action, token: account.accessToken)
            let failure = result.failure ?? .refused(status: answer.status)
            logger.error(
                """
                the account is paused, since Graph no longer takes its access token; set a new one, or wait for the old \
                one to work again
                """,
                metadata: ["code": "\(failure.code)", "error": "\(failure.message)"])
            events.publish(ErrorEvent(pausedBy: failure, action: action.rawValue), .none)
        }
        self.sender = sender
        self.requests = RequestLane(
            sender, connection: connection, events: events,
            idempotency: IdempotencyStore(of: account.name, connection: connection), callTime: callTime,
            maximumKeyed: limits.inFlight + limits.waitingRequests, tally: self.tally, traces: traces)
        self.queue = QueueLane(
            sender,
            services: QueueServices(
                connection: connection, streams: streams, events: events, maximumHeld: maximumHeld,
                complaints: Complaints(
                    "jobs that have ended cannot be settled, which is tried again; see to nats-server and its streams",
                    logger: logger),
                traces: traces, logger: logger),
            worker: worker)
    }

    /// How service discovery shows the account: its requests, and how they were answered.
    var endpoint: ServiceEndpoint {
        let name = self.account.name
        return ServiceEndpoint(
            name: name.value, subject: OutboundSubjects(of: name).requests, queueGroup: RequestLane.queueGroup,
            metadata: ["direction": "answers", "queue": OutboundSubjects(of: name).jobs], tally: self.tally)
    }

    /// Why the account sends nothing now; `nil` where it does.
    private var pause: String? {
        guard let answer = self.sender.counters.pause else { return nil }
        let code = GraphError(in: answer.body)?.code.map { "code \($0)" } ?? "status \(answer.status)"
        return "account \(self.account.name) is paused by Graph (\(code))"
    }

    /// How the queue lane stands.
    var queueStanding: QueueLane.Standing { self.queue.standing }

    /// Whether the account sends, and what is to be known of it though it does.
    var finding: ReadinessCheck.Finding {
        let alarm = self.sender.counters.alarm.map {
            "account \(self.account.name) needs attention: Graph has refused (code \(GraphErrorTable.alarm($0)))"
        }
        return .of(self.pause.map { [$0] } ?? [], warnings: alarm.map { [$0] } ?? [])
    }

    /// Says how sender and queue lane stand.
    func read(into values: inout ScrapedValues) {
        let labels = [self.account.name.value]
        let counters = self.sender.counters
        values.set(MetricFamilies.egressInFlight, to: Double(counters.inFlight), labels: labels)
        values.set(MetricFamilies.egressWaiting, to: Double(counters.waitingRequests), labels: labels)
        values.set(MetricFamilies.egressHeld, to: Double(self.queueStanding.held), labels: labels)
        values.set(MetricFamilies.egressRatePerSecond, to: counters.ratePerSecond, labels: labels)
        values.set(MetricFamilies.egressPaused, holds: counters.pause != nil, labels: labels)
    }

    /// Makes the calls; returns when, after `stop(by:)`, everything is answered, and jobs are settled or handed back.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.sender.run() }
            async let queue: Void = self.queue.run()
            await self.requests.run()
            await queue
            await self.sender.emptied()
            self.sender.finish()
        }
    }

    /// Takes nothing new, and returns when what has come is taken, at `deadline` the latest.
    func stop(by deadline: ContinuousClock.Instant) async {
        self.queue.stop()
        await self.requests.stop(by: deadline)
    }

    /// What waits for its turn, or is still to come, is answered unsent.
    func giveUp() {
        self.sender.giveUp()
    }
}
