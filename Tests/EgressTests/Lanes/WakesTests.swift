import Testing

@testable import Egress

@Suite struct WakesTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Int) -> ContinuousClock.Instant { self.start + .seconds(seconds) }

    @Test func `Only what comes before all others is slept for`() {
        var wakes = Wakes()
        let asked = [50, 60, 50, 20, 30, 20, 10].map { wakes.add(self.at($0)) }
        #expect(asked == [true, false, false, true, false, false, true])
    }

    @Test func `A sleep that is over stands in the way of none, and those that go on still do`() {
        var wakes = Wakes()
        _ = [50, 20, 10].map { wakes.add(self.at($0)) }
        wakes.remove(self.at(10))
        let first = [25, 15].map { wakes.add(self.at($0)) }
        #expect(first == [false, true])
        for seconds in [20, 15] { wakes.remove(self.at(seconds)) }
        let second = [60, 50].map { wakes.add(self.at($0)) }
        #expect(second == [false, false])
        wakes.remove(self.at(50))
        let third = [60].map { wakes.add(self.at($0)) }
        #expect(third == [true])
    }
}
