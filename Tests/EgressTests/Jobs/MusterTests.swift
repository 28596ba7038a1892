import Testing

@testable import Egress

@Suite struct MusterTests {
    private let start = ContinuousClock.now

    @Test func `Jobs are missing until the server says that none is to come`() {
        var muster = Muster(missing: 2, at: self.start)
        muster.arrived(.delivered(5), missing: 1, at: self.start)
        #expect(muster.missing == 1)
        // Held already: it was delivered before the consumer was made anew.
        muster.arrived(nil, missing: 0, at: self.start)
        #expect(muster.missing == 0)
        let jobs = muster.take()
        #expect(jobs.map(\.sequence) == [5])
    }

    @Test func `What was found late stands in the order of the stream all the same`() {
        var muster = Muster(missing: 3, at: self.start)
        for sequence in [4, 9, 6] as [UInt64] { muster.arrived(.delivered(sequence), missing: 0, at: self.start) }
        let jobs = muster.take()
        #expect(jobs.map(\.sequence) == [4, 6, 9])
        let rest = muster.take()
        #expect(rest.isEmpty)
    }

    @Test func `A second without a delivery means that the server keeps the rest to itself`() {
        var muster = Muster(missing: 3, at: self.start)
        #expect(muster.silentFrom == self.start + .seconds(1))
        muster.arrived(.delivered(4), missing: 2, at: self.start + .milliseconds(700))
        #expect(muster.silentFrom == self.start + .milliseconds(1700))
    }
}
