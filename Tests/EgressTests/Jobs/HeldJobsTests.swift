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
        #expect(jobs.room(largest: 1000).messages == 3)
        for sequence in 1...3 as ClosedRange<UInt64> { _ = jobs.hold(.delivered(sequence)) }
        #expect(jobs.room(largest: 1000).messages == 0 && jobs.isFull(largest: 1000))
        jobs.release(2)
        #expect(jobs.room(largest: 1000).messages == 1)
        #expect(jobs.sequences == [1, 3])
    }

    @Test func `No more is pulled than may be held, by size, and nothing where two of the largest would not fit`() {
        var jobs = HeldJobs(limit: 20_000)
        let megabyte = 1 << 20
        #expect(jobs.room(largest: megabyte).bytes == 64 * megabyte)
        _ = jobs.hold(.delivered(1, payload: String(repeating: "x", count: 61 * megabyte)))
        let room = jobs.room(largest: megabyte)
        #expect(room.messages == 19_999 && room.bytes == 64 * megabyte - jobs.bytes)
        #expect(jobs.bytes >= 61 * megabyte)
        #expect(jobs.isFull(largest: 2 * megabyte))
        jobs.release(1)
        #expect(jobs.bytes == 0 && jobs.room(largest: megabyte).bytes == 64 * megabyte)
    }

    @Test func `Messages as large as all that may be held come one at a time`() {
        var jobs = HeldJobs(limit: 10)
        #expect(!jobs.isFull(largest: HeldJobs.maximumBytes))
        _ = jobs.hold(.delivered(1))
        #expect(jobs.isFull(largest: HeldJobs.maximumBytes))
    }

    @Test(arguments: [(20_000, 1249, true), (20_000, 1250, false), (10, 1, false), (1, 1, false)])
    func `Room is scant where nearly all that may be held is, and then there is enough to do`(
        limit: Int, free: Int, isScant: Bool
    ) {
        var jobs = HeldJobs(limit: limit)
        for sequence in 0..<UInt64(limit - free) { _ = jobs.hold(.delivered(sequence)) }
        #expect(jobs.room(largest: 1000).isScant == isScant)
        #expect(!jobs.room(largest: 1000, growsSoon: false).isScant)
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
