import Addressing
import CoreMetrics
import Logging
import Synchronization

/// One account's calls to Graph: does what its schedule says, and tells each caller how it ended.
///
/// Any thread may submit. `run()` makes the calls, each as a task of its own, and keeps the schedule's time.
final class AccountSender: Sendable {
    let account: ServedAccount
    let metrics: AccountMetrics
    private let transport: any GraphTransport
    private let clock: SendClock
    let logger: Logger
    /// Called once each time that the account pauses, with Graph's answer and the action that met it.
    private let paused: @Sendable (GraphAnswer, Action) -> Void
    private let ledger: Mutex<SendLedger>
    private let orders: AsyncStream<SendNews.Order>
    private let feed: AsyncStream<SendNews.Order>.Continuation

    init(
        _ account: ServedAccount, limits: SendLimits, transport: any GraphTransport, clock: SendClock = .continuous,
        metrics: any MetricsFactory = NOOPMetricsHandler.instance, logger: Logger,
        paused: @escaping @Sendable (GraphAnswer, Action) -> Void
    ) {
        self.account = account
        self.metrics = AccountMetrics(of: account.name, in: metrics)
        self.transport = transport
        self.clock = clock
        self.logger = logger
        self.paused = paused
        self.ledger = Mutex(SendLedger(limits, at: clock.now()))
        (self.orders, self.feed) = AsyncStream.makeStream()
    }

    /// How the account's calls stand.
    var counters: SendCounters {
        self.ledger.withLock { $0.counters(at: self.clock.now()) }
    }

    /// Gives a call its place; its end is told through `ended`, perhaps before this returns.
    func submit(_ send: PendingSend) {
        self.decide { $0.submit(send, at: $1) }
    }

    /// Says what has been found out about a job in doubt.
    ///
    /// Nothing more is told of one that was sent or is dead; one that is to be tried again may end at once, without an
    /// attempt or time left.
    ///
    /// - Returns: false where the job is in doubt no longer, as after `withdrawJobs`: nothing is done then.
    @discardableResult
    func resolve(_ ticket: SendTicket, _ settlement: DoubtSettlement) -> Bool {
        self.decide { $0.resolve(ticket, settlement, at: $1) }
    }

    /// Takes all jobs back, because the lane is another's now: those that wait or are in doubt end as withdrawn, before
    /// this returns.
    ///
    /// A try that is being made runs on, and ends as settled where Meta accepted or refused it for good, else as
    /// withdrawn; none is started or tried again. Jobs submitted afterwards are served.
    func withdrawJobs() {
        self.decide { $0.withdrawJobs(at: $1) }
    }

    /// Makes the calls until `finish()`.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await order in self.orders {
                switch order {
                case .perform(let ticket): group.addTask { await self.perform(ticket) }
                case .probe: group.addTask { await self.probe() }
                case .wake(let instant): group.addTask { await self.sleep(until: instant) }
                }
            }
            // What sleeps or probes has nothing left to wait for.
            group.cancelAll()
        }
    }

    /// Ends what waits, unwritten, and whatever is submitted from now on; calls in flight run on, and are not retried.
    ///
    /// Jobs end as withdrawn, those in doubt too.
    func giveUp() {
        self.decide { $0.giveUp(at: $1) }
    }

    /// Ends `run()`; nothing may be submitted afterwards.
    func finish() {
        self.feed.finish()
    }

    /// Returns once no call waits, is in flight or in doubt.
    func emptied() async {
        await withCheckedContinuation { continuation in
            self.decide { ledger, _ in ledger.whenEmpty(continuation) }
        }
    }

    // MARK: One call

    private func perform(_ ticket: SendTicket) async {
        let (send, attempts) = self.ledger.withLock { ledger in
            let send = ledger.send(ticket)
            return (send, send?.escort == nil ? 0 : ledger.attempts(of: ticket))
        }
        guard let send else { return }
        if let escort = send.escort {
            await self.perform(ticket, send, with: escort, attempts: attempts)
        } else {
            let writeBy = send.writeBy ?? self.clock.now() + .seconds(60)
            let (result, verdict) = await self.make(send.call.call, of: send, writeBy: writeBy)
            self.finish(ticket, send, result, verdict)
        }
    }

    /// Makes a call as its lane lets it, and has the lane know what became of it before anyone else does.
    private func perform(
        _ ticket: SendTicket, _ send: PendingSend, with escort: any SendEscort, attempts: Int
    ) async {
        var result: CallResult?
        var verdict = GraphVerdict.denied
        switch await escort.leave(toWrite: send.call.call, attempt: attempts + 1) {
        case .denied(let reason):
            self.logger.trace("a job is held back", metadata: ["reason": "\(reason)"])
        case .granted(let call, let leaveEnd):
            let writeBy = min(leaveEnd, send.writeBy ?? leaveEnd)
            // The lane may have been lost while it was asked.
            if !self.ledger.withLock({ $0.isTakenBack(ticket) }) {
                (result, verdict) = await self.make(call, of: send, writeBy: writeBy)
                // That its time was over says nothing about the way to Graph.
                if case .unreached = result, writeBy <= self.clock.now() { verdict = .denied }
            }
            if verdict.leavesUnsent {
                await escort.unsent(attempts: attempts + (verdict.countsAsAttempt ? 1 : 0))
            }
        }
        self.finish(ticket, send, result, verdict)
    }

    private func make(
        _ call: GraphCall, of send: PendingSend, writeBy: ContinuousClock.Instant
    ) async -> (CallResult, GraphVerdict) {
        let span = send.span?.startCall(call)
        let start = self.clock.now()
        let outcome = await self.transport.perform(
            call.traced(by: span), token: self.account.accessToken, writeBy: writeBy)
        if outcome.mayBeWritten { self.metrics.called(for: self.clock.now() - start) }
        let result = CallResult(outcome, of: send.call.action, token: self.account.accessToken)
        span?.endCall(result)
        let verdict = GraphVerdict(outcome, error: result.errorFacts, of: send.call.traits)
        return (result, verdict.redacting(self.account.accessToken))
    }

    /// Takes in what became of a try; the log has it once the schedule goes by it.
    private func finish(_ ticket: SendTicket, _ send: PendingSend, _ result: CallResult?, _ verdict: GraphVerdict) {
        self.decide(after: send.call.action) {
            $0.finished(ticket, send: send.call.countsForRate, result, verdict, at: $1)
        }
        guard let result else { return }
        self.logger.trace(
            "Graph call", metadata: ["action": "\(send.call.action)", "outcome": "\(result.summary)"])
    }

    private func probe() async {
        let outcome = await self.transport.perform(
            self.account.tokenQuestion, token: self.account.accessToken, writeBy: self.clock.now() + .seconds(10))
        guard case .answered(let answer) = outcome else { return }
        let works = (200...299).contains(answer.status) && GraphError(in: answer.body) == nil
        self.logger.notice(
            works ? "the access token works again; sending goes on" : "the access token still does not work",
            metadata: ["status": "\(answer.status)"])
        let refusal = works ? nil : answer.redacting(self.account.accessToken)
        self.decide { $0.probed(refusal, at: $1) }
    }

    private func sleep(until instant: ContinuousClock.Instant) async {
        await self.clock.sleep(instant)
        guard !Task.isCancelled else { return }
        self.decide { ledger, _ in ledger.hasSlept(until: instant) }
    }

    // MARK: Deciding

    /// Lets the ledger take something in, asks it what is to be done, and does that.
    ///
    /// - Parameter action: whose call it is that has just finished.
    @discardableResult
    private func decide<Answer: Sendable>(
        after action: Action = .raw, _ change: (inout SendLedger, ContinuousClock.Instant) -> Answer
    ) -> Answer {
        let (answer, news) = self.ledger.withLock { ledger in
            let answer = change(&ledger, self.clock.now())
            return (answer, ledger.turn(after: action, at: self.clock.now()))
        }
        for order in news.orders {
            self.feed.yield(order)
        }
        if let pause = news.pause {
            self.paused(pause.answer, pause.action)
        }
        if news.isMaintenanceLong {
            self.logger.error(
                """
                Graph has refused all sends for over 15 minutes because of maintenance of the number; look at the \
                number in WhatsApp Manager
                """,
                metadata: ["code": "\(MaintenanceWatch.code)"])
        }
        for (escort, ticket, last) in news.doubted {
            escort.doubted(ticket, last: last)
        }
        for (send, end, attempts) in news.ended {
            send.ended(end, attempts)
        }
        for continuation in news.emptied {
            continuation.resume()
        }
        return answer
    }
}
