/// Whether a process works, as a value: what its loops have counted goes in, whether to tell the manager comes out.
///
/// A sign of life is given when every loop has come round since the last one. With a time-out of 9 s that is looked at
/// every 3 s, and every 0.75 s while a loop keeps the sign back.
package struct WatchdogRound: Sendable {
    /// What one loop shows when it is looked at.
    package struct Reading: Sendable {
        let name: String
        let patience: Duration
        let state: WorkingLoop.State

        package init(_ name: String, patience: Duration = .zero, _ state: WorkingLoop.State) {
            self.name = name
            self.patience = patience
            self.state = state
        }
    }

    /// A loop that has not come round, and for how long.
    package struct Standstill: Hashable, Sendable {
        package let name: String
        package let time: Duration
    }

    /// What a round has found of all loops.
    package struct Verdict: Hashable, Sendable {
        /// Whether the manager is to be told that the process works.
        package var isAlive = true
        /// Those that stand still for more than half of the time-out; each is named once.
        package var stuck: [Standstill] = []
        /// Those that were named and go on, with how long they stood.
        package var recovered: [Standstill] = []
    }

    private struct Loop {
        /// As the latest look found it.
        var state: WorkingLoop.State
        /// As it was when the latest sign of life was given; nil: it has moved since, or is excused.
        var toldState: WorkingLoop.State?
        /// When it was seen to have moved, at the latest.
        var movedAt: ContinuousClock.Instant
        var isNamed = false
    }

    private let timeout: Duration
    private var loops: [String: Loop] = [:]
    private var latestLook: ContinuousClock.Instant?

    /// - Parameter timeout: after how long without a sign of life the manager takes the process for stuck.
    package init(timeout: Duration) {
        self.timeout = timeout
    }

    /// How long to wait after a look that found the process at work.
    package var interval: Duration { self.timeout / 3 }
    /// How long to wait after a look that did not.
    package var shortInterval: Duration { self.timeout / 12 }

    /// Takes in what all loops show.
    package mutating func look(at readings: [Reading], now: ContinuousClock.Instant) -> Verdict {
        // Who looks so late was stopped itself, and all loops with it: none is to blame for that time.
        if let latest = self.latestLook, now - latest > self.interval * 2 {
            for name in self.loops.keys { self.loops[name]?.movedAt = now }
        }
        self.latestLook = now
        var verdict = Verdict()
        for reading in readings { self.look(at: reading, now: now, &verdict) }
        guard verdict.isAlive else { return verdict }
        for name in self.loops.keys {
            guard let state = self.loops[name]?.state else { continue }
            self.loops[name]?.toldState = state == .excused ? nil : state
        }
        return verdict
    }

    private mutating func look(at reading: Reading, now: ContinuousClock.Instant, _ verdict: inout Verdict) {
        var loop = self.loops[reading.name] ?? Loop(state: .excused, movedAt: now)
        let hasMoved = reading.state == .excused || reading.state != loop.state
        if hasMoved {
            if loop.isNamed { verdict.recovered.append(Standstill(name: reading.name, time: now - loop.movedAt)) }
            loop.isNamed = false
            loop.movedAt = now
            loop.toldState = nil
        }
        loop.state = reading.state
        let standing = now - loop.movedAt
        if loop.toldState != nil, standing > reading.patience { verdict.isAlive = false }
        if standing > max(self.timeout / 2, reading.patience), !loop.isNamed {
            loop.isNamed = true
            verdict.stuck.append(Standstill(name: reading.name, time: standing))
        }
        self.loops[reading.name] = loop
    }
}
