import Testing

@testable import Supervisor

@Suite struct OwnPauseTests {
    private let start = ContinuousClock.now

    @Test func `A loop that looks as often as it is to was not paused`() {
        var pause = OwnPause(shortest: .seconds(8), at: self.start)
        var now = self.start
        for _ in 0..<100 {
            #expect(pause.deadline == now + .seconds(1))
            // Late by as much as a busy machine may make it.
            now = pause.deadline + .milliseconds(900)
            #expect(pause.look(at: now) == nil)
        }
    }

    @Test func `One that did not look for a quarter of the shortest deadline was, once`() {
        var pause = OwnPause(shortest: .seconds(8), at: self.start)
        #expect(pause.look(at: self.start + .seconds(2)) == .seconds(2))
        #expect(pause.look(at: self.start + .seconds(3)) == nil)
        #expect(pause.look(at: self.start + .seconds(3600)) == .seconds(3597))
    }
}
