import Testing

@testable import Supervisor

/// Every state with every event, and the stories that lead through several.
@Suite struct ChildLifeTests {
    typealias State = ChildLife.State
    typealias Event = ChildLife.Event
    typealias Action = ChildLife.Action

    static let start = ContinuousClock.now
    static let drain = Duration.seconds(20)
    static let crash = ChildEnd.killed(signal: 9)
    static let misconfigured = ChildEnd.exited(78)

    /// A life in a state, all reached at `start`.
    enum Stage: CaseIterable {
        case idle, starting, ready, waiting, waitingLonger, down, draining, killed, gone

        var life: ChildLife {
            switch self {
            case .idle: ChildLife.after()
            case .starting: ChildLife.after(.begin)
            case .ready: ChildLife.after(.begin, .ready)
            case .waiting: ChildLife.after(.begin, .ended(crash))
            case .waitingLonger: ChildLife.after(.begin, .ended(crash), .due, .ended(crash))
            case .down: ChildLife.after(.begin, .ended(misconfigured))
            case .draining: ChildLife.after(.begin, .drain)
            case .killed: ChildLife.after(.begin, .drain, dueAfter: drain)
            case .gone: ChildLife.after(.drain)
            }
        }
    }

    static let drained = State.draining(until: start + drain)
    static let soon = State.waiting(until: start)

    /// What each stage does on each event at `start`: the next state and the action; where there is none, nothing
    /// happens.
    static let table: [Stage: [Event: (State, Action)]] = [
        .idle: [
            .begin: (.running(readySince: nil), .spawn),
            .drain: (.gone, .none),
        ],
        .starting: [
            .ready: (.running(readySince: start), .none),
            .ended(crash): (soon, .restart(after: .zero)),
            .ended(.exited(0)): (soon, .restart(after: .zero)),
            .ended(.notSpawned(reason: "x")): (soon, .restart(after: .zero)),
            .ended(misconfigured): (.down, .stayDown),
            .drain: (drained, .terminate),
        ],
        .ready: [
            .notReady: (.running(readySince: nil), .none),
            .ended(crash): (soon, .restart(after: .zero)),
            .ended(.exited(0)): (soon, .restart(after: .zero)),
            .ended(.notSpawned(reason: "x")): (soon, .restart(after: .zero)),
            .ended(misconfigured): (.down, .stayDown),
            .drain: (drained, .terminate),
        ],
        .waiting: [
            .due: (.running(readySince: nil), .spawn),
            .drain: (.gone, .none),
        ],
        .waitingLonger: [.drain: (.gone, .none)],
        .down: [.drain: (.gone, .none)],
        .draining: [
            .ended(crash): (.gone, .none),
            .ended(.exited(0)): (.gone, .none),
            .ended(.notSpawned(reason: "x")): (.gone, .none),
            .ended(misconfigured): (.gone, .none),
        ],
        .killed: [
            .ended(crash): (.gone, .none),
            .ended(.exited(0)): (.gone, .none),
            .ended(.notSpawned(reason: "x")): (.gone, .none),
            .ended(misconfigured): (.gone, .none),
        ],
        .gone: [:],
    ]

    static let events: [Event] = [
        .begin, .ready, .notReady, .ended(crash), .ended(.exited(0)), .ended(.notSpawned(reason: "x")),
        .ended(misconfigured), .due, .drain,
    ]

    @Test(arguments: Stage.allCases, events)
    func `Each state takes each event as the table says`(stage: Stage, event: Event) {
        var life = stage.life
        let before = life.state
        let action = life.feed(event)
        let expected = Self.table[stage]?[event] ?? (before, .none)
        #expect(life.state == expected.0)
        #expect(action == expected.1)
    }

    @Test(arguments: Stage.allCases)
    func `A state that waits says for when`(stage: Stage) {
        let life = stage.life
        switch life.state {
        case .waiting(let until), .draining(let until): #expect(life.deadline == until)
        default: #expect(life.deadline == nil)
        }
    }

    @Test func `A child that fails at once comes back after 0, 0.5, 1, 2 and 4 s, and then every 30 s`() {
        var life = ChildLife.after(.begin)
        var now = Self.start
        var delays: [Duration] = []
        for _ in 0..<8 {
            guard case .restart(let delay) = life.feed(.ended(Self.crash), at: now) else { return }
            delays.append(delay)
            now += delay
            #expect(life.feed(.due, at: now) == .spawn)
        }
        let expected: [Duration] = [
            .zero, .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(30), .seconds(30), .seconds(30),
        ]
        for (delay, expected) in zip(delays, expected) { #expect(delay <= expected && delay >= expected * 0.8) }
        #expect(delays.count == expected.count)
        #expect(life.restarts == 8)
    }

    @Test func `Five restarts within a minute are failing, four are not`() {
        var life = ChildLife.after(.begin)
        for round in 1...5 {
            #expect(!life.isFailing)
            life.crashAndReturn(at: Self.start + .seconds(14 * round))
        }
        #expect(life.isFailing)
    }

    @Test func `Five restarts over more than a minute are not failing`() {
        var life = ChildLife.after(.begin)
        for round in 1...20 { life.crashAndReturn(at: Self.start + .seconds(20 * round)) }
        #expect(!life.isFailing)
    }

    @Test func `A minute of readiness makes good for all`() {
        var life = ChildLife.after(.begin)
        for _ in 1...5 { life.crashAndReturn(at: Self.start) }
        let ready = Self.start + .seconds(100)
        _ = life.feed(.ready, at: ready)
        #expect(life.deadline == ready + .seconds(60))
        _ = life.feed(.due, at: ready + .seconds(59))
        #expect(life.isFailing)
        _ = life.feed(.due, at: ready + .seconds(60))
        #expect(!life.isFailing)
        #expect(life.deadline == nil)
        #expect(life.feed(.ended(Self.crash), at: ready + .seconds(61)) == .restart(after: .zero))
    }

    @Test func `A minute with a break in it does not`() {
        var life = ChildLife.after(.begin)
        for _ in 1...5 { life.crashAndReturn(at: Self.start) }
        _ = life.feed(.ready, at: Self.start)
        _ = life.feed(.notReady, at: Self.start + .seconds(40))
        _ = life.feed(.ready, at: Self.start + .seconds(41))
        _ = life.feed(.due, at: Self.start + .seconds(80))
        #expect(life.isFailing)
    }

    @Test(arguments: [(59, false), (60, true)])
    func `The minute counts to the end of a process`(seconds: Int, isForgiven: Bool) {
        var life = ChildLife.after(.begin)
        life.crashAndReturn(at: Self.start)
        _ = life.feed(.ready, at: Self.start)
        let action = life.feed(.ended(Self.crash), at: Self.start + .seconds(seconds))
        #expect((action == .restart(after: .zero)) == isForgiven)
    }

    @Test func `A second notice of readiness does not begin the minute anew`() {
        var life = ChildLife.after(.begin, .ready)
        _ = life.feed(.ready, at: Self.start + .seconds(30))
        #expect(life.state == .running(readySince: Self.start))
    }

    @Test func `A child told twice to stop has no less and no more time`() {
        var life = ChildLife.after(.begin, .drain)
        #expect(life.feed(.drain, at: Self.start + .seconds(5)) == .none)
        #expect(life.deadline == Self.start + Self.drain)
        #expect(life.feed(.due, at: Self.start + .seconds(19)) == .none)
        #expect(life.feed(.due, at: Self.start + .seconds(20)) == .kill)
        #expect(life.feed(.due, at: Self.start + .seconds(21)) == .none)
    }

    @Test func `Whether it has ever been ready outlives the process`() {
        #expect(ChildLife.after(.begin, .ready, .ended(Self.crash), .due).hasBeenReady)
        #expect(!ChildLife.after(.begin, .ended(Self.crash), .due).hasBeenReady)
    }
}

extension ChildLife {
    /// A life that these events have happened to, all at the start, and then `due` after that time.
    static func after(_ events: Event..., dueAfter time: Duration? = nil) -> ChildLife {
        var life = ChildLife(drain: ChildLifeTests.drain)
        for event in events { _ = life.feed(event) }
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
