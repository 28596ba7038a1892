import Addressing
import Logging
import Synchronization

/// One account's calls to Graph: does what its schedule says, and tells each caller how it ended.
///
/// Any thread may submit. `run()` makes the calls, each as a task of its own, and keeps the schedule's time.
final class AccountSender: Sendable {
    private struct Entry {
        let send: PendingSend
        /// What the latest try came to.
        var last: CallResult?
    }

    private struct State {
        var schedule: SendSchedule
        var entries: [SendTicket: Entry] = [:]
        /// What tasks are sleeping for.
        var wakes = Wakes()
        /// Whether nothing may wait any more.
        var hasGivenUp = false
        var random = SystemRandomNumberGenerator()
        var emptied: [CheckedContinuation<Void, Never>] = []
    }

    /// What `run()` is to start.
    private enum Order: Sendable {
        case perform(SendTicket)
        case probe
        case wake(at: ContinuousClock.Instant)
    }

    /// What has to be told once the lock is free.
    private struct Outcome {
        var ended: [(PendingSend, SendEnd)] = []
        var orders: [Order] = []
        var pause: (answer: GraphAnswer, action: Action)?
        var emptied: [CheckedContinuation<Void, Never>] = []
    }

    let account: ServedAccount
    private let transport: any GraphTransport
    private let clock: SendClock
    private let logger: Logger
    /// Called once each time that the account pauses, with Graph's answer and the action that met it.
    private let paused: @Sendable (GraphAnswer, Action) -> Void
    private let state: Mutex<State>
    private let orders: AsyncStream<Order>
    private let feed: AsyncStream<Order>.Continuation

    init(
        _ account: ServedAccount, limits: SendLimits, transport: any GraphTransport, clock: SendClock = .continuous,
        logger: Logger, paused: @escaping @Sendable (GraphAnswer, Action) -> Void
    ) {
        self.account = account
        self.transport = transport
        self.clock = clock
        self.logger = logger
        self.paused = paused
        self.state = Mutex(State(schedule: SendSchedule(limits, at: clock.now())))
        (self.orders, self.feed) = AsyncStream.makeStream()
    }

    /// How the account's calls stand.
    var counters: SendCounters {
        self.state.withLock { $0.schedule.counters(at: self.clock.now()) }
    }

    /// Gives a call its place; its end is told through `ended`, perhaps before this returns.
    func submit(_ send: PendingSend) {
        self.decide { state, outcome in
            guard !state.hasGivenUp else { return outcome.ended.append((send, .outOfTime(last: nil))) }
            let offer = SendOffer(
                lane: send.lane, pair: send.call.pair?.key, countsForRate: send.call.countsForRate,
                writeBy: send.writeBy)
            switch state.schedule.offer(offer, at: self.clock.now()) {
            case .admitted(let ticket): state.entries[ticket] = Entry(send: send)
            case .overloaded: outcome.ended.append((send, .overloaded))
            case .paused(let answer): outcome.ended.append((send, .paused(answer)))
            }
        }
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
    func giveUp() {
        self.decide { state, outcome in
            state.hasGivenUp = true
            for (ticket, entry) in state.entries where state.schedule.cancel(ticket, at: self.clock.now()) {
                state.entries[ticket] = nil
                outcome.ended.append((entry.send, .outOfTime(last: entry.last)))
            }
        }
    }

    /// Ends `run()`; nothing may be submitted afterwards.
    func finish() {
        self.feed.finish()
    }

    // MARK: One call

    private func perform(_ ticket: SendTicket) async {
        guard let send = self.state.withLock({ $0.entries[ticket]?.send }) else { return }
        let outcome = await self.transport.perform(
            send.call.call, token: self.account.accessToken, writeBy: send.writeBy)
        let verdict = CallResult(outcome, of: send.call.action, token: self.account.accessToken)
        let decision = GraphVerdict(
            outcome.redacting(self.account.accessToken), error: verdict.errorFacts, of: send.call.traits)
        self.logger.debug(
            "Graph call", metadata: ["action": "\(send.call.action)", "outcome": "\(verdict.summary)"])
        self.decide { state, told in
            state.entries[ticket]?.last = verdict
            let aftermath = state.schedule.finished(ticket, decision, at: self.clock.now(), using: &state.random)
            switch aftermath.fate {
            case .waits, .inDoubt:
                return
            case .settled, .outOfAttempts, .outOfTime:
                state.entries[ticket] = nil
                told.ended.append((send, .settled(verdict)))
            }
        } pausedBy: {
            send.call.action
        }
    }

    private func probe() async {
        let call = GraphCall(method: .get, path: "\(self.account.phoneNumberID.value)?fields=id", body: nil)
        let outcome = await self.transport.perform(
            call, token: self.account.accessToken, writeBy: self.clock.now() + .seconds(10))
        guard case .answered(let answer) = outcome.redacting(self.account.accessToken) else { return }
        let works = (200...299).contains(answer.status) && GraphError(in: answer.body) == nil
        self.logger.notice(
            works ? "the access token works again; sending goes on" : "the access token still does not work",
            metadata: ["status": "\(answer.status)"])
        self.decide { state, _ in
            works
                ? state.schedule.resume(at: self.clock.now()) : state.schedule.probeFailed(answer, at: self.clock.now())
        }
    }

    private func sleep(until instant: ContinuousClock.Instant) async {
        await self.clock.sleep(instant)
        guard !Task.isCancelled else { return }
        self.decide { state, _ in state.wakes.remove(instant) }
    }

    // MARK: Deciding

    /// Lets the schedule take something in, asks it what is to be done, and does that.
    private func decide(
        _ change: (inout State, inout Outcome) -> Void, pausedBy action: () -> Action = { .raw }
    ) {
        let outcome = self.state.withLock { state in
            var outcome = Outcome()
            change(&state, &outcome)
            self.takeTurn(&state, &outcome, pausedBy: action)
            return outcome
        }
        for order in outcome.orders {
            self.feed.yield(order)
        }
        if let pause = outcome.pause {
            self.paused(pause.answer, pause.action)
        }
        for (send, end) in outcome.ended {
            send.ended(end)
        }
        for continuation in outcome.emptied {
            continuation.resume()
        }
    }

    private func takeTurn(_ state: inout State, _ outcome: inout Outcome, pausedBy action: () -> Action) {
        let turn = state.schedule.next(at: self.clock.now())
        outcome.orders += turn.starts.map { .perform($0) }
        if turn.isProbeDue { outcome.orders.append(.probe) }
        if let wake = turn.wake, state.wakes.add(wake) { outcome.orders.append(.wake(at: wake)) }
        for ticket in turn.expired {
            guard let entry = state.entries.removeValue(forKey: ticket) else { continue }
            outcome.ended.append((entry.send, .outOfTime(last: entry.last)))
        }
        if let answer = turn.pause {
            outcome.pause = (answer, action())
            for ticket in turn.refused {
                guard let entry = state.entries.removeValue(forKey: ticket) else { continue }
                outcome.ended.append((entry.send, .paused(answer)))
            }
        }
        if state.entries.isEmpty {
            outcome.emptied = state.emptied
            state.emptied = []
        }
    }

    /// Returns once no call waits or is in flight.
    func emptied() async {
        await withCheckedContinuation { continuation in
            self.decide { state, _ in state.emptied.append(continuation) }
        }
    }
}
