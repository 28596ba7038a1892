import Testing

@testable import Egress

@Suite struct WakesTests {
    @Test func `Only what comes before all others is slept for`() {
        var wakes = Wakes()
        let asked = [50.0, 60, 50, 20, 30, 20, 10].map { wakes.add(at($0)) }
        #expect(asked == [true, false, false, true, false, false, true])
    }

    @Test func `A sleep that is over stands in the way of none, and those that go on still do`() {
        var wakes = Wakes()
        _ = [50.0, 20, 10].map { wakes.add(at($0)) }
        wakes.remove(at(10))
        #expect(!wakes.add(at(25)))
        #expect(wakes.add(at(15)))
        wakes.remove(at(20))
        wakes.remove(at(15))
        #expect(!wakes.add(at(50)))
        wakes.remove(at(50))
        #expect(wakes.add(at(60)))
    }
}
