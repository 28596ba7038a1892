import NATSClient
import Testing

@testable import Egress

@Suite struct SettledJobsTests {
    private let start = ContinuousClock.now

    private func mark(_ sequence: UInt64, stored: Int = 1) -> SettledJobs.Mark {
        SettledJobs.Mark(sequence: sequence, stored: StreamTime(seconds: stored))
    }

    @Test func `A job that was acked is known when it comes again`() {
        var jobs = SettledJobs()
        jobs.settled(self.mark(7), at: self.start)
        #expect(jobs.contains(self.mark(7)))
        #expect(!jobs.contains(self.mark(8)))
    }

    @Test func `A job at the same place of a stream that was made anew is another`() {
        var jobs = SettledJobs()
        jobs.settled(self.mark(7, stored: 1), at: self.start)
        #expect(!jobs.contains(self.mark(7, stored: 2)))
    }

    @Test func `In danger is what was acked in the last 10 s before the last ack, in the order of the stream`() {
        var jobs = SettledJobs()
        #expect(jobs.endangered.isEmpty)
        jobs.settled(self.mark(1), at: self.start)
        jobs.settled(self.mark(3), at: self.start + .seconds(5))
        jobs.settled(self.mark(2), at: self.start + .seconds(12))
        #expect(jobs.endangered == [self.mark(2), self.mark(3)])
        jobs.settled(self.mark(1), at: self.start + .seconds(13))
        #expect(jobs.endangered == [self.mark(1), self.mark(2), self.mark(3)])
    }

    @Test func `The last 50,000 are remembered, and not many more`() {
        var jobs = SettledJobs()
        for sequence in 1...150_000 { jobs.settled(self.mark(UInt64(sequence)), at: self.start) }
        #expect((100_001...150_000).allSatisfy { jobs.contains(self.mark(UInt64($0))) })
        #expect(!(1...40_000).contains { jobs.contains(self.mark(UInt64($0))) })
    }
}
