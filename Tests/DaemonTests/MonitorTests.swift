import Testing

@testable import Daemon

@Suite struct MonitorTests {
    /// What a monitor guards; `@unchecked Sendable`: touched under its lock alone.
    private final class Guarded: @unchecked Sendable {
        let monitor = Monitor()
        var steps = 0

        func step() {
            self.monitor.lock()
            self.steps += 1
            self.monitor.wake()
            self.monitor.unlock()
        }
    }

    @Test func `Who sleeps goes on once what it waits for is so, not before`() {
        let guarded = Guarded()
        guarded.monitor.lock()
        startThread { for _ in 0..<3 { guarded.step() } }
        guarded.monitor.sleep { guarded.steps < 3 }
        #expect(guarded.steps == 3)
        guarded.monitor.unlock()
    }

    @Test func `Nobody sleeps for what is so already`() {
        let guarded = Guarded()
        guarded.monitor.lock()
        guarded.monitor.sleep { guarded.steps != 0 }
        guarded.monitor.unlock()
    }

    @Test func `A sleep with a limit ends there, and has the lock again`() {
        let guarded = Guarded()
        let limit = Duration.milliseconds(1100)
        guarded.monitor.lock()
        let began = ContinuousClock.now
        guarded.monitor.sleep(atMost: limit) { guarded.steps == 0 }
        #expect(ContinuousClock.now - began >= limit)
        guarded.monitor.unlock()
        guarded.step()
        #expect(guarded.steps == 1)
    }
}
