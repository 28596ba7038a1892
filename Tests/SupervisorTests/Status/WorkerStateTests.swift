import Testing

@testable import Supervisor

@Suite struct WorkerStateTests {
    private static let start = ContinuousClock.now
    private var life = ChildLife(ChildLife.Terms(drain: .seconds(20), watchdog: .seconds(10)))

    private mutating func tell(_ event: ChildLife.Event, after seconds: Int = 0) {
        var random = SystemRandomNumberGenerator()
        _ = self.life.handle(event, at: Self.start + .seconds(seconds), using: &random)
    }

    private var state: WorkerState { WorkerState(self.life) }

    @Test mutating func `A life in one word at each of its turns`() {
        #expect(self.state == .starting)
        self.tell(.begin)
        #expect(self.state == .starting)
        self.tell(.ready)
        #expect(self.state == .ready)
        self.tell(.notReady)
        #expect(self.state == .unready)
        self.tell(.due, after: 10)
        #expect(self.state == .stuck)
        self.tell(.ended(.killed(signal: 6)), after: 11)
        #expect(self.state == .waiting)
        self.tell(.due, after: 12)
        #expect(self.state == .starting)
        self.tell(.ended(.exited(78)), after: 13)
        #expect(self.state == .down)
        self.tell(.drain, after: 14)
        #expect(self.state == .draining)
    }

    @Test mutating func `After five restarts within a minute it is failing whatever it does, until it is well again`() {
        self.life = ChildLife(ChildLife.Terms(drain: .seconds(20), watchdog: nil))
        self.tell(.begin)
        for second in 1...5 {
            self.tell(.ended(.exited(70)), after: second * 10)
            #expect(self.state == .waiting)
            // The longest delay of so few ends is over by then.
            self.tell(.due, after: second * 10 + 9)
        }
        #expect(self.state == .failing)
        self.tell(.ready, after: 60)
        #expect(self.state == .failing && self.life.isReady)
        self.tell(.due, after: 120)
        #expect(self.state == .ready)
    }
}
