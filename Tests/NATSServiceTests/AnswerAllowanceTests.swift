import Testing

@testable import NATSService

@Suite struct AnswerAllowanceTests {
    private let start = ContinuousClock.now

    private func answers(_ allowance: inout AnswerAllowance, of bytes: Int, at now: ContinuousClock.Instant) -> Int {
        var count = 0
        while allowance.allows(at: now) {
            allowance.spend(bytes)
            count += 1
        }
        return count
    }

    @Test func `A flood is answered two thousand times at once, and a thousand times a second from then on`() {
        var allowance = AnswerAllowance(at: self.start)
        #expect(self.answers(&allowance, of: 200, at: self.start) == 2048)
        #expect(self.answers(&allowance, of: 200, at: self.start) == 0)
        #expect(self.answers(&allowance, of: 200, at: self.start + .seconds(1)) == 1024)
        #expect(self.answers(&allowance, of: 200, at: self.start + .milliseconds(1500)) == 512)
        #expect(self.answers(&allowance, of: 200, at: self.start + .seconds(3600)) == 2048)
    }

    @Test func `An answer larger than the allowance is given, and paid off before the next`() {
        var allowance = AnswerAllowance(at: self.start)
        #expect(self.answers(&allowance, of: 5 * 1024 * 1024, at: self.start) == 1)
        #expect(self.answers(&allowance, of: 200, at: self.start + .seconds(3)) == 0)
        #expect(self.answers(&allowance, of: 200, at: self.start + .seconds(4)) == 1024)
    }

    @Test func `A clock that stands still or goes back allows nothing more`() {
        var allowance = AnswerAllowance(at: self.start)
        _ = self.answers(&allowance, of: 200, at: self.start)
        #expect(self.answers(&allowance, of: 200, at: self.start - .seconds(10)) == 0)
    }
}
