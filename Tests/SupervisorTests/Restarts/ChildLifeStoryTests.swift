import Testing

@testable import Supervisor

/// The stories that lead through several states.
@Suite struct ChildLifeStoryTests {
    private static let start = ChildLifeTests.start
    private static let crash = ChildLifeTests.crash
    private static let unwatched = ChildLife.Terms(drain: .seconds(20), watchdog: nil)

    private static func life(_ events: ChildLife.Event...) -> ChildLife {
        var life = ChildLife(Self.unwatched)
        for event in [.begin] + events { _ = life.feed(event) }
        return life
    }

    // MARK: Restarts

    @Test func `A child that fails at once comes back after 0, 0.5, 1, 2 and 4 s, and then every 30 s`() {
        var life = Self.life()
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

    @Test func `Two children that fail alike do not come back at the same times`() {
        let delays = (0..<20).map { _ in
            var life = Self.life()
            life.crashAndReturn(at: Self.start)
            return life.feed(.ended(Self.crash), at: Self.start)
        }
        #expect(Set(delays).count > 1)
    }

    @Test func `Five restarts within a minute are failing, four are not`() {
        var life = Self.life()
        for round in 1...5 {
            #expect(!life.isFailing)
            life.crashAndReturn(at: Self.start + .seconds(14 * round))
        }
        #expect(life.isFailing)
    }

    @Test func `Five restarts over more than a minute are not failing`() {
        var life = Self.life()
        for round in 1...20 { life.crashAndReturn(at: Self.start + .seconds(20 * round)) }
        #expect(!life.isFailing)
    }

    @Test func `A minute of readiness makes good for all`() {
        var life = Self.life()
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
        var life = Self.life()
        for _ in 1...5 { life.crashAndReturn(at: Self.start) }
        _ = life.feed(.ready, at: Self.start)
        _ = life.feed(.notReady, at: Self.start + .seconds(40))
        _ = life.feed(.ready, at: Self.start + .seconds(41))
        _ = life.feed(.due, at: Self.start + .seconds(80))
        #expect(life.isFailing)
    }

    @Test(arguments: [(59, false), (60, true)])
    func `The minute counts to the end of a process`(seconds: Int, isForgiven: Bool) {
        var life = Self.life()
        life.crashAndReturn(at: Self.start)
        _ = life.feed(.ready, at: Self.start)
        let action = life.feed(.ended(Self.crash), at: Self.start + .seconds(seconds))
        #expect((action == .restart(after: .zero)) == isForgiven)
    }

    @Test func `A second notice of readiness does not begin the minute anew`() {
        var life = Self.life(.ready)
        _ = life.feed(.ready, at: Self.start + .seconds(30))
        #expect(life.state == .running(readySince: Self.start))
    }

    @Test func `Whether it has ever been ready outlives the process`() {
        #expect(Self.life(.ready, .ended(Self.crash), .due).hasBeenReady)
        #expect(!Self.life(.ended(Self.crash), .due).hasBeenReady)
    }

    @Test func `A reload starts it again at once, and as if nothing had been`() {
        var life = Self.life()
        for _ in 1...5 { life.crashAndReturn(at: Self.start) }
        _ = life.feed(.ended(Self.crash))
        #expect(life.isFailing)
        #expect(life.feed(.renew) == .spawn)
        #expect(!life.isFailing)
        #expect(life.feed(.ended(Self.crash)) == .restart(after: .zero))
    }

    // MARK: Watchdog

    @Test func `A child that shows in time that it works is never blamed, ready or not`() {
        var life = ChildLife.after(.begin)
        for second in stride(from: 9, to: 900, by: 9) {
            let now = Self.start + .seconds(second)
            if second == 450 { _ = life.feed(.ready, at: now) }
            #expect(life.feed(.due, at: now) == .none)
            _ = life.feed(.alive, at: now)
            #expect(life.deadline == now + .seconds(10))
        }
    }

    @Test func `One that does not is sent SIGABRT, SIGKILL after 2 s, and is started again as any`() {
        var life = ChildLife.after(.begin, .ready)
        let missed = Self.start + .seconds(10)
        #expect(life.feed(.due, at: missed - .milliseconds(1)) == .none)
        #expect(life.feed(.due, at: missed) == .abort)
        #expect(!life.isReady)
        #expect(life.feed(.alive, at: missed) == .none)
        #expect(life.feed(.due, at: missed + .milliseconds(1999)) == .none)
        #expect(life.feed(.due, at: missed + .seconds(2)) == .kill)
        #expect(life.feed(.due, at: missed + .seconds(9)) == .none)
        #expect(life.feed(.ended(.killed(signal: 9)), at: missed + .seconds(9)) == .restart(after: .zero))
        #expect(life.feed(.due, at: missed + .seconds(9)) == .spawn)
        #expect(life.deadline == missed + .seconds(19))
    }

    @Test func `Without a watchdog nobody is blamed`() {
        var life = Self.life(.ready)
        #expect(life.deadline == nil)
        #expect(life.feed(.due, at: Self.start + .seconds(100_000)) == .none)
    }

    @Test func `After a pause of the supervisor's own all deadlines begin again`() {
        let resumed = Self.start + .seconds(3600)
        for (life, time) in [
            (ChildLife.after(.begin, .ready), 10), (.stuck(.sole), 2), (.after(.begin, .drain), 20),
        ] {
            var life = life
            #expect(life.feed(.resumed, at: resumed) == .none)
            #expect(life.deadline == resumed + .seconds(time))
            #expect(life.feed(.due, at: resumed + .milliseconds(time * 1000 - 1)) == .none)
            #expect(life.feed(.due, at: resumed + .seconds(time)) != .none)
        }
    }

    @Test func `A drain has its time, whatever the watchdog`() {
        var life = ChildLife.after(.begin, .ready, .drain)
        #expect(life.feed(.due, at: Self.start + .seconds(19)) == .none)
        #expect(life.feed(.due, at: Self.start + .seconds(20)) == .kill)
    }

    // MARK: Stopping and being replaced

    @Test func `A child told twice to stop has no less and no more time`() {
        var life = ChildLife.after(.begin, .drain)
        #expect(life.feed(.drain, at: Self.start + .seconds(5)) == .none)
        #expect(life.deadline == Self.start + .seconds(20))
        #expect(life.feed(.due, at: Self.start + .seconds(19)) == .none)
        #expect(life.feed(.due, at: Self.start + .seconds(20)) == .kill)
        #expect(life.feed(.due, at: Self.start + .seconds(21)) == .none)
    }

    @Test func `A newcomer that has won is started again like any other`() {
        var life = ChildLife.after(.begin, .ready, .confirmed, as: .newcomer)
        #expect(life.feed(.ended(Self.crash)) == .restart(after: .zero))
    }

    @Test func `One that ends while its newcomer starts comes back at once should that fail`() {
        var life = ChildLife.after(.begin, .ready, .challenged)
        #expect(life.feed(.ended(Self.crash)) == .hold)
        #expect(life.feed(.due, at: Self.start + .seconds(9)) == .none)
        #expect(life.feed(.confirmed, at: Self.start + .seconds(10)) == .spawn)
        #expect(life.restarts == 1)
    }
}
