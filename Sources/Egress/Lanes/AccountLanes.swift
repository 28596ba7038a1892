import Addressing
import Daemon
import Logging
import NATSClient

/// What one account needs to send: its sender and its lanes.
struct AccountLanes: Sendable {
    let account: ServedAccount
    private let sender: AccountSender
    private let requests: RequestLane

    /// Subscribes; `run()` has to be running for anything to be sent.
    ///
    /// - Parameter callTime: how long a call may take once its writing has begun.
    init(
        _ account: ServedAccount, limits: SendLimits, callTime: Duration, transport: any GraphTransport,
        connection: NATSConnection, idempotency: IdempotencyStore, logger: Logger
    ) {
        self.account = account
        var logger = logger
        logger[metadataKey: "account"] = "\(account.name)"
        let events = EventPublisher(of: account.name, connection: connection)
        let sender = AccountSender(account, limits: limits, transport: transport, logger: logger) {
            [logger] answer, action in
            let result = CallResult(.answered(answer), of: action, token: account.accessToken)
            let failure = result.failure ?? .refused(status: answer.status)
            logger.error(
                "the account is paused: Graph no longer takes its access token; set a new one, or wait for the old one to work again",
                metadata: ["code": "\(failure.code)", "error": "\(failure.message)"])
            events.publish(ErrorEvent(pausedBy: failure, action: action.rawValue), traceparent: nil)
        }
        self.sender = sender
        self.requests = RequestLane(
            sender, connection: connection, events: events, idempotency: idempotency, callTime: callTime,
            maximumKeyed: limits.inFlight + limits.waitingRequests)
    }

    /// Why the account sends nothing now; `nil` where it does.
    private var pause: String? {
        guard let answer = self.sender.counters.pause else { return nil }
        let code = GraphError(in: answer.body)?.code.map { "code \($0)" } ?? "status \(answer.status)"
        return "account \(self.account.name) is paused by Graph (\(code))"
    }

    /// Whether the account sends, and what is to be known of it though it does.
    var finding: ReadinessCheck.Finding {
        let alarm = self.sender.counters.alarm.map {
            "account \(self.account.name) needs attention: Graph has refused (code \(GraphErrorTable.alarm($0)))"
        }
        return .of(self.pause.map { [$0] } ?? [], warnings: alarm.map { [$0] } ?? [])
    }

    /// Makes the calls; returns when, after `stop(by:)`, everything is answered.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.sender.run() }
            await self.requests.run()
            await self.sender.emptied()
            self.sender.finish()
        }
    }

    /// Takes nothing new, and returns when what has come is taken, at `deadline` the latest.
    func stop(by deadline: ContinuousClock.Instant) async {
        await self.requests.stop(by: deadline)
    }

    /// What waits for its turn, or is still to come, is answered unsent.
    func giveUp() {
        self.sender.giveUp()
    }
}
