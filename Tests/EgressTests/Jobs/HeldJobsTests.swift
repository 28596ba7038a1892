import NATSClient
import Testing

@testable import Egress

@Suite struct HeldJobsTests {
    @Test func `A job that is held already is not held twice, and is acked where it was delivered last`() {
        var jobs = HeldJobs(limit: 10)
        let isNew = jobs.hold(.delivered(7))
        let again = Job.delivered(7, deliveries: 2)
        let isNewAgain = jobs.hold(again)
        #expect(isNew && !isNewAgain)
        #expect(jobs.count == 1)
        #expect(jobs.ack(of: 7) == again.delivery.ack)
    }

    @Test func `No more is pulled than may be held, by number`() {
        var jobs = HeldJobs(limit: 3)
        #expect(jobs.room(largest: 1000) == 3)
        for sequence in 1...3 as ClosedRange<UInt64> { _ = jobs.hold(.delivered(sequence)) }
        #expect(jobs.room(largest: 1000) == 0 && jobs.isFull(largest: 1000))
        jobs.release(2)
        #expect(jobs.room(largest: 1000) == 1)
        #expect(jobs.sequences == [1, 3])
    }

    @Test func `No more is pulled than may be held, though every job were as large as a message can be`() {
        var jobs = HeldJobs(limit: 20_000)
        let megabyte = 1 << 20
        #expect(jobs.room(largest: megabyte) == 64)
        _ = jobs.hold(.delivered(1, payload: String(repeating: "x", count: 2 * megabyte)))
        #expect(jobs.room(largest: megabyte) == 62)
        jobs.release(1)
        #expect(jobs.bytes == 0 && jobs.room(largest: megabyte) == 64)
    }

    @Test func `Every ack is extended once in 10 s`() {
        var jobs = HeldJobs(limit: 1000)
        for sequence in 1...500 as ClosedRange<UInt64> { _ = jobs.hold(.delivered(sequence)) }
        let ticks = Int(Duration.seconds(10) / HeldJobs.tick)
        let extended = (0..<ticks).flatMap { _ in jobs.takeDue() }
        #expect(extended.count == 500)
        #expect(Set(extended.map(\.streamSequence)).count == 500)
        let next = jobs.takeDue()
        #expect(next.count == 500 / ticks, "evenly, and again")
    }
}
