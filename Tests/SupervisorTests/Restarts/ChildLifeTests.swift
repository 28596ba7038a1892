import Testing

@testable import Supervisor

/// Every state with every event.
@Suite struct ChildLifeTests {
    typealias State = ChildLife.State
    typealias Standing = ChildLife.Standing
    typealias Event = ChildLife.Event
    typealias Action = ChildLife.Action

    static let start = ContinuousClock.now
    static let terms = ChildLife.Terms(drain: .seconds(20), watchdog: .seconds(10))
    static let crash = ChildEnd.killed(signal: 9)
    static let misconfigured = ChildEnd.exited(78)

    /// A life in a state, all reached at `start`.
    enum Stage: CaseIterable {
        case idle, starting, ready, stuck, stuckKilled, waiting, waitingLonger, down, draining, killed, gone
        case newcomer, newcomerStarting, newcomerReady, newcomerStuck
        case challenged, challengedReady, challengedStuck, held

        var life: ChildLife {
            switch self {
            case .idle: .after()
            case .starting: .after(.begin)
            case .ready: .after(.begin, .ready)
            case .stuck: .stuck(.sole)
            case .stuckKilled: .stuck(.sole, dueAfter: .seconds(2))
            case .waiting: .after(.begin, .ended(crash))
            case .waitingLonger: .after(.begin, .ended(crash), .due, .ended(crash))
            case .down: .after(.begin, .ended(misconfigured))
            case .draining: .after(.begin, .drain)
            case .killed: .after(.begin, .drain, dueAfter: terms.drain)
            case .gone: .after(.drain)
            case .newcomer: .after(as: .newcomer)
            case .newcomerStarting: .after(.begin, as: .newcomer)
            case .newcomerReady: .after(.begin, .ready, as: .newcomer)
            case .newcomerStuck: .stuck(.newcomer)
            case .challenged: .after(.begin, .challenged)
            case .challengedReady: .after(.begin, .ready, .challenged)
            case .challengedStuck: .stuck(.predecessor)
            case .held: .after(.begin, .challenged, .ended(crash))
            }
        }
    }

    /// What becomes of a life on an event.
    struct Outcome: Equatable {
        let state: State
        var standing: Standing = .sole
        var action: Action = .none
    }

    static let starting = State.running(readySince: nil)
    static let ready = State.running(readySince: start)
    static let stuck = State.stuck(until: start + .seconds(2))
    static let drained = State.draining(until: start + terms.drain)
    static let spawned = Outcome(state: starting, action: .spawn)
    static let terminated = Outcome(state: drained, action: .terminate)
    static let restarted = Outcome(state: .waiting(until: start), action: .restart(after: .zero))
    static let gone = Outcome(state: .gone)

    static let ends: [ChildEnd] = [crash, .exited(0), .notSpawned(reason: "x"), misconfigured]

    /// The same for each way to end, but for those with an outcome of their own.
    static func ending(_ outcome: Outcome, _ own: [ChildEnd: Outcome] = [:]) -> [Event: Outcome] {
        Dictionary(uniqueKeysWithValues: self.ends.map { (.ended($0), own[$0] ?? outcome) })
    }

    /// What each stage does on each event at `start`; where there is nothing, nothing happens.
    static let table: [Stage: [Event: Outcome]] = [
        .idle: [.begin: spawned, .challenged: Outcome(state: .held, standing: .predecessor), .drain: gone],
        .starting: [
            .ready: Outcome(state: ready), .challenged: Outcome(state: starting, standing: .predecessor),
            .drain: terminated,
        ].merging(mayRestart) { $1 },
        .ready: [
            .notReady: Outcome(state: starting), .challenged: Outcome(state: ready, standing: .predecessor),
            .drain: terminated,
        ].merging(mayRestart) { $1 },
        .stuck: [
            .challenged: Outcome(state: stuck, standing: .predecessor),
            .drain: Outcome(state: .draining(until: start + .seconds(2))),
        ].merging(mayRestart) { $1 },
        .stuckKilled: [
            .challenged: Outcome(state: .stuck(until: nil), standing: .predecessor), .drain: Outcome(state: .killed),
        ].merging(mayRestart) { $1 },
        .waiting: [
            .due: spawned, .renew: spawned, .challenged: Outcome(state: .held, standing: .predecessor), .drain: gone,
        ],
        .waitingLonger: [
            .renew: spawned, .challenged: Outcome(state: .held, standing: .predecessor), .drain: gone,
        ],
        .down: [.renew: spawned, .challenged: Outcome(state: .held, standing: .predecessor), .drain: gone],
        .draining: ending(gone),
        .killed: ending(gone),
        .gone: [:],
        .newcomer: [.begin: Outcome(state: starting, standing: .newcomer, action: .spawn), .drain: lost(.gone)],
        .newcomerStarting: [
            .ready: Outcome(state: ready, standing: .newcomer), .confirmed: Outcome(state: starting),
            .drain: lost(drained, .terminate),
        ].merging(ending(lost(.gone, .giveUp))) { $1 },
        .newcomerReady: [
            .notReady: Outcome(state: starting, standing: .newcomer), .confirmed: Outcome(state: ready),
            .drain: lost(drained, .terminate),
        ].merging(ending(lost(.gone, .giveUp))) { $1 },
        .newcomerStuck: [
            .confirmed: Outcome(state: stuck), .drain: lost(.draining(until: start + .seconds(2))),
        ].merging(ending(lost(.gone, .giveUp))) { $1 },
        .challenged: [
            .ready: Outcome(state: ready, standing: .predecessor), .confirmed: Outcome(state: starting),
            .drain: Outcome(state: drained, standing: .predecessor, action: .terminate),
        ].merging(mayBeHeld) { $1 },
        .challengedReady: [
            .notReady: Outcome(state: starting, standing: .predecessor), .confirmed: Outcome(state: ready),
            .drain: Outcome(state: drained, standing: .predecessor, action: .terminate),
        ].merging(mayBeHeld) { $1 },
        .challengedStuck: [
            .confirmed: Outcome(state: stuck),
            .drain: Outcome(state: .draining(until: start + .seconds(2)), standing: .predecessor),
        ].merging(mayBeHeld) { $1 },
        .held: [.confirmed: spawned, .drain: Outcome(state: .gone, standing: .predecessor)],
    ]

    static let mayRestart = ending(restarted, [misconfigured: Outcome(state: .down, action: .stayDown)])
    static let mayBeHeld = ending(Outcome(state: .held, standing: .predecessor, action: .hold))

    static func lost(_ state: State, _ action: Action = .none) -> Outcome {
        Outcome(state: state, standing: .newcomer, action: action)
    }

    static let events: [Event] =
        [.begin, .ready, .notReady, .alive, .due, .resumed, .renew, .challenged, .confirmed, .drain]
        + ends.map { .ended($0) }

    @Test(arguments: Stage.allCases, events)
    func `Each state takes each event as the table says`(stage: Stage, event: Event) {
        var life = stage.life
        let unchanged = Outcome(state: life.state, standing: life.standing)
        let action = life.feed(event)
        let outcome = Outcome(state: life.state, standing: life.standing, action: action)
        #expect(outcome == Self.table[stage]?[event] ?? unchanged)
    }

    @Test(arguments: Stage.allCases)
    func `A state that waits says for when`(stage: Stage) {
        let life = stage.life
        switch life.state {
        case .waiting(let until), .draining(let until), .stuck(let until?): #expect(life.deadline == until)
        case .running: #expect(life.deadline == Self.start + .seconds(10))
        default: #expect(life.deadline == nil)
        }
    }

    @Test(arguments: Stage.allCases)
    func `Whoever has a process is alive`(stage: Stage) {
        let dead: [Stage] = [.idle, .waiting, .waitingLonger, .down, .gone, .newcomer, .held]
        #expect(stage.life.isAlive == !dead.contains(stage))
    }
}

extension ChildLife {
    /// A life that these events have happened to, all at the start, and then `due` after that time.
    static func after(
        _ events: Event..., as standing: Standing = .sole, terms: Terms = ChildLifeTests.terms,
        dueAfter time: Duration? = nil
    ) -> ChildLife {
        var life = ChildLife(terms, as: standing)
        for event in events { _ = life.feed(event) }
        if let time { _ = life.feed(.due, at: ChildLifeTests.start + time) }
        return life
    }

    /// A life that missed its watchdog at the start, having begun one watchdog earlier.
    static func stuck(_ standing: Standing, dueAfter time: Duration? = nil) -> ChildLife {
        var life = ChildLife(ChildLifeTests.terms, as: standing == .newcomer ? .newcomer : .sole)
        _ = life.feed(.begin, at: ChildLifeTests.start - .seconds(10))
        if standing == .predecessor { _ = life.feed(.challenged) }
        _ = life.feed(.due)
        if let time { _ = life.feed(.due, at: ChildLifeTests.start + time) }
        return life
    }

    mutating func feed(_ event: Event, at now: ContinuousClock.Instant = ChildLifeTests.start) -> Action {
        var random = SystemRandomNumberGenerator()
        return self.handle(event, at: now, using: &random)
    }

    mutating func crashAndReturn(at now: ContinuousClock.Instant) {
        _ = self.feed(.ended(ChildLifeTests.crash), at: now)
        _ = self.feed(.due, at: self.deadline ?? now)
    }
}
