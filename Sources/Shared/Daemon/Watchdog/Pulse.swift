import Synchronization

/// Counts how often a working loop has come round; the loop beats, the watchdog reads.
package final class Pulse: Sendable {
    private let count = Atomic<UInt64>(0)
    private let waits = Atomic<Bool>(false)

    package init() {}

    /// The loop has come round once more.
    package func beat() {
        self.count.wrappingAdd(1, ordering: .relaxed)
    }

    /// Does what may take long through no fault of the loop, such as finding a server's address: no beat is missed.
    package func excused<Result>(_ body: () -> Result) -> Result {
        self.waits.store(true, ordering: .relaxed)
        defer { self.waits.store(false, ordering: .relaxed) }
        return body()
    }

    package var state: WorkingLoop.State {
        self.waits.load(ordering: .relaxed) ? .excused : .beats(self.count.load(ordering: .relaxed))
    }
}

/// Counts the beginnings and the ends of what is done on a thread of others; between them it works, else it rests.
package final class CallPulse: Sendable {
    private let count = Atomic<UInt64>(0)

    package init() {}

    /// Does one thing; no two at a time.
    package func during(_ body: () -> Void) {
        self.count.wrappingAdd(1, ordering: .relaxed)
        body()
        self.count.wrappingAdd(1, ordering: .relaxed)
    }

    package var state: WorkingLoop.State {
        let count = self.count.load(ordering: .relaxed)
        return count.isMultiple(of: 2) ? .excused : .beats(count)
    }
}
