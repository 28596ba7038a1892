import Daemon
import TestSupport
import Testing

@testable import Egress

@Suite struct HoldingTests {
    private let start = ContinuousClock.now
    private let worker = WorkerID(host: "box", number: 1)

    @Test func `A lease is refreshed every second, and its term counts from before the refresh was sent`() {
        var holding = held()
        #expect(holding.writeBy == at(3))
        #expect(holding.next(at: at(0.1)) == .wait(until: at(1)))
        #expect(holding.next(at: at(1)) == .refresh(beat: 1, after: 7))
        holding.answered(1, .stored(revision: 9), at: at(1.8))
        #expect(holding.writeBy == at(4))
        #expect(holding.next(at: at(1.9)) == .wait(until: at(2)))
        #expect(holding.next(at: at(2)) == .refresh(beat: 2, after: 9))
    }

    @Test func `On a grid it is refreshed at the last instant that is not too late, again and again`() {
        let grid = TimeGrid(from: at(0.1), spacing: .milliseconds(250))
        var holding = Holding(by: worker, for: .standard, revision: 7, claimSent: start, on: grid)
        #expect(holding.writeBy == at(3), "the term is not shorter for it")
        var (now, revision) = (at(0), UInt64(7))
        for beat in 1...5 {
            let next = at(0.85) + .seconds(1) * (beat - 1)
            #expect(holding.next(at: now) == .wait(until: next))
            // Nobody wakes at the very instant.
            now = next + .milliseconds(3)
            #expect(holding.next(at: now) == .refresh(beat: beat, after: revision))
            revision += 1
            holding.answered(beat, .stored(revision: revision), at: now + .milliseconds(1))
            #expect(holding.writeBy == now + .seconds(3))
        }
    }

    @Test func `Without a refresh in time it is lost, and stays so whatever comes later`() {
        var holding = held()
        #expect(holding.next(at: at(1)) == .refresh(beat: 1, after: 7))
        holding.answered(1, .unknown, at: at(2))
        #expect(holding.next(at: at(2.1)) == .wait(until: at(2.2)))
        #expect(holding.next(at: at(2.2)) == .refresh(beat: 2, after: 7))
        #expect(holding.writeBy == at(3))
        holding.answered(2, .stored(revision: 9), at: at(3))
        #expect(holding.writeBy == at(3))
        #expect(holding.next(at: at(3)) == .lost)
        #expect(holding.next(at: at(2.5)) == .lost)
    }

    @Test func `A holder that stood still past its term has lost it, though nobody else may have got it`() {
        var holding = held()
        #expect(holding.next(at: at(60)) == .lost)
    }

    @Test func `A refresh that was stored without an answer is found again, and counts from when it was sent`() {
        var holding = held()
        #expect(holding.next(at: at(1)) == .refresh(beat: 1, after: 7))
        holding.answered(1, .unknown, at: at(2))
        #expect(holding.next(at: at(2.2)) == .refresh(beat: 2, after: 7))
        holding.answered(2, .refused, at: at(2.3))
        #expect(holding.next(at: at(2.3)) == .look)
        holding.found(FoundLease(revision: 8, record: record(beat: 1)), at: at(2.4))
        #expect(holding.writeBy == at(4))
        #expect(holding.next(at: at(2.4)) == .refresh(beat: 3, after: 8))
    }

    @Test func `A look that fails, or explains nothing, is followed by another try while there is time`() {
        var holding = held()
        #expect(holding.next(at: at(1)) == .refresh(beat: 1, after: 7))
        holding.answered(1, .refused, at: at(1.1))
        holding.lookFailed(at: at(2))
        #expect(holding.next(at: at(2)) == .wait(until: at(2.2)))
        #expect(holding.next(at: at(2.2)) == .look)
        holding.found(FoundLease(revision: 7, record: record(beat: 0)), at: at(2.3))
        #expect(holding.next(at: at(2.5)) == .refresh(beat: 2, after: 7))
        #expect(holding.writeBy == at(3))
    }

    @Test func `Whose record is found to be gone, unreadable, released or another's has lost the lease`() {
        let other = LeaseRecord(worker: WorkerID(host: "box", number: 2), state: .held, beat: 1)
        let released = LeaseRecord(worker: worker, state: .released(next: nil), beat: 1)
        let cases =
            [nil, FoundLease(revision: 9, record: nil)] + [other, released].map { FoundLease(revision: 9, record: $0) }
        for found in cases {
            var holding = held()
            #expect(holding.next(at: at(1)) == .refresh(beat: 1, after: 7))
            holding.answered(1, .refused, at: at(1.1))
            holding.found(found, at: at(1.2))
            #expect(holding.next(at: at(1.2)) == .lost)
        }
    }

    private func held() -> Holding {
        Holding(by: worker, for: .standard, revision: 7, claimSent: start)
    }

    private func record(beat: Int) -> LeaseRecord {
        LeaseRecord(worker: worker, state: .held, beat: beat)
    }

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .milliseconds(Int(seconds * 1000)) }
}

@Suite struct LeaseTermTests {
    @Test(arguments: [(1.9, false), (2, true), (4, true), (5, true), (5.1, false), (0, false), (-4, false)])
    func `A term lies between 2 s and 5 s`(seconds: Double, isTerm: Bool) {
        #expect((LeaseTerm(.seconds(seconds)) != nil) == isTerm)
    }

    @Test(arguments: [2, 3, 4, 5])
    func `Two refreshes may fail before the last second of a term`(seconds: Int) throws {
        let term = try #require(LeaseTerm(.seconds(seconds)))
        let sent = ContinuousClock.now
        #expect(term.writeBy(after: sent) == sent + .seconds(seconds - 1))
        #expect(term.refreshInterval * 3 <= .seconds(seconds - 1))
    }
}
