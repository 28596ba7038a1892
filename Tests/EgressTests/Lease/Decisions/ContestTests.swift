import TestSupport
import Testing

@testable import Egress

@Suite struct ContestTests {
    private let start = ContinuousClock.now
    private let worker = WorkerID(host: "box", number: 1)
    private let other = WorkerID(host: "box", number: 2)
    private let third = WorkerID(host: "box", number: 3)

    @Test func `A standby makes itself known and looks at once, and claims what is free`() {
        var contest = begun()
        #expect(contest.next(at: at(0)) == .look)
        #expect(contest.looked(nil, term: .standard, at: at(0.1)) == .init(revision: 0, isHandedOver: false))
    }

    @Test func `While refreshes pass by it neither looks nor claims`() {
        var contest = standingBy()
        for second in 1...8 {
            let isNews = contest.heard(record(other, .held), at: at(Double(second)))
            #expect(!isNews)
            #expect(wait(contest, at: Double(second)) > 0.5)
        }
    }

    @Test(arguments: [(true, 4.05...4.1), (false, 4.3...4.5)])
    func `After a silent term it looks, the worker that the account prefers first`(
        isPreferred: Bool, expected: ClosedRange<Double>
    ) {
        var contest = standingBy()
        contest.isPreferred = isPreferred
        _ = contest.heard(record(other, .held), at: at(1))
        #expect(expected.contains(wait(contest, at: 1)))
    }

    @Test func `What still stands after a silent term is looked at again, ever more seldom`() {
        var contest = standingBy()
        var now = 5.0
        for pause in [0.2, 0.2, 0.4, 1, 1] {
            #expect(contest.next(at: at(now)) == .look)
            #expect(contest.looked(found(7, other, .held), term: .standard, at: at(now)) == nil)
            #expect(abs(wait(contest, at: now) - pause) < 0.001)
            now += pause
        }
        #expect(contest.looked(nil, term: .standard, at: at(now)) == .init(revision: 0, isHandedOver: false))
    }

    @Test func `A holder that is not heard but whose record changes is alive`() {
        var contest = standingBy()
        #expect(contest.looked(found(7, other, .held), term: .standard, at: at(5)) == nil)
        #expect(contest.looked(found(8, other, .held), term: .standard, at: at(5.2)) == nil)
        #expect(wait(contest, at: 5.2) > 3)
    }

    @Test(arguments: [true, false])
    func `A release to itself or to nobody is claimed at once, as soon as it is stored`(isNamed: Bool) {
        var contest = standingBy()
        let state = LeaseRecord.State.released(next: isNamed ? worker : nil)
        _ = contest.heard(record(other, state), at: at(2))
        #expect(contest.next(at: at(2)) == .look)
        #expect(contest.looked(found(7, other, .held), term: .standard, at: at(2.01)) == nil)
        #expect(abs(wait(contest, at: 2.01) - 0.05) < 0.001)
        let claim = contest.looked(found(8, other, state), term: .standard, at: at(2.06))
        #expect(claim == .init(revision: 8, isHandedOver: false))
    }

    @Test func `A release to another is left to that one for half a second, heard of or found`() {
        for isHeard in [true, false] {
            var contest = standingBy()
            let state = LeaseRecord.State.handedOver(to: third)
            if isHeard { _ = contest.heard(record(other, state), at: at(5)) }
            if !isHeard { #expect(contest.looked(found(8, other, state), term: .standard, at: at(5)) == nil) }
            #expect(abs(wait(contest, at: 5) - 0.5) < 0.001)
            let claim = contest.looked(found(8, other, state), term: .standard, at: at(5.5))
            #expect(claim == .init(revision: 8, isHandedOver: false))
        }
    }

    @Test func `A lease that is handed over to it is claimed as such`() {
        var contest = standingBy()
        let state = LeaseRecord.State.handedOver(to: worker)
        _ = contest.heard(record(other, state), at: at(2))
        let claim = contest.looked(found(8, other, state), term: .standard, at: at(2))
        #expect(claim == .init(revision: 8, isHandedOver: true))
    }

    @Test func `A claim of its own that had no answer is claimed again`() {
        var contest = begun()
        contest.failed(at: at(1), isDisconnected: false)
        let claim = contest.looked(found(8, worker, .claimed), term: .standard, at: at(2))
        #expect(claim == .init(revision: 8, isHandedOver: false))
    }

    @Test func `What is unreadable is another's`() {
        var contest = begun()
        #expect(contest.looked(FoundLease(revision: 3, record: nil), term: .standard, at: at(0)) == nil)
        #expect(wait(contest, at: 0) > 4)
    }

    @Test func `A refused claim is followed by a pause of about a second`() {
        var contest = standingBy()
        contest.refused(at: at(5))
        #expect((0.8...1.2).contains(wait(contest, at: 5)))
    }

    @Test func `A release that is heard of while a claim is under way is not missed when the claim is refused`() {
        var contest = standingBy()
        let isNews = contest.heard(record(other, .released(next: nil)), at: at(5))
        contest.refused(at: at(5.1))
        #expect(isNews)
        #expect(contest.next(at: at(5.1)) == .look)
        contest.refused(at: at(5.2))
        #expect(wait(contest, at: 5.2) > 0.7)
    }

    @Test func `Failures are followed by ever longer pauses, by short ones where NATS is away`() {
        var contest = begun()
        for longest in [0.6, 1.2, 2.4, 6, 6] {
            contest.failed(at: at(0), isDisconnected: false)
            #expect((longest / 1.5 - 0.001...longest).contains(wait(contest, at: 0)))
        }
        contest.failed(at: at(0), isDisconnected: true)
        #expect(wait(contest, at: 0) < 0.61)
    }

    @Test func `It makes itself known about every 10 s`() {
        var contest = standingBy()
        var announcements = 0
        for second in 1...100 {
            _ = contest.heard(record(other, .held), at: at(Double(second)))
            guard contest.next(at: at(Double(second))) == .announce else { continue }
            announcements += 1
            contest.announced(at: at(Double(second)))
        }
        #expect((8...11).contains(announcements))
    }

    /// A contest that has just made itself known.
    private func begun() -> Contest {
        var random = SeededGenerator(seed: Seed.forTest().value)
        var contest = Contest(of: worker, at: start, using: &random)
        #expect(contest.next(at: start) == .announce)
        contest.announced(at: start)
        return contest
    }

    /// One that has found another's lease.
    private func standingBy() -> Contest {
        var contest = begun()
        #expect(contest.looked(found(6, other, .held), term: .standard, at: start) == nil)
        return contest
    }

    private func found(_ revision: UInt64, _ worker: WorkerID, _ state: LeaseRecord.State) -> FoundLease {
        FoundLease(revision: revision, record: record(worker, state))
    }

    private func record(_ worker: WorkerID, _ state: LeaseRecord.State) -> LeaseRecord {
        LeaseRecord(worker: worker, state: state, beat: 1)
    }

    /// How long it waits before its next look or sign of life, in seconds.
    private func wait(_ contest: Contest, at seconds: Double) -> Double {
        var contest = contest
        guard case .wait(let instant) = contest.next(at: at(seconds)) else { return 0 }
        return (instant - at(seconds)) / .seconds(1)
    }

    private func at(_ seconds: Double) -> ContinuousClock.Instant {
        start + .milliseconds(Int((seconds * 1000).rounded()))
    }
}
