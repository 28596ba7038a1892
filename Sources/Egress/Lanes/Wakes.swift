/// The instants for which somebody sleeps already, so that no wake is slept for twice.
struct Wakes: Sendable {
    /// Each is earlier than the one before it: only what comes before all others is slept for.
    private var instants: [ContinuousClock.Instant] = []

    /// Whether somebody has to go to sleep for this wake; who sleeps for an earlier one will ask again then.
    mutating func add(_ instant: ContinuousClock.Instant) -> Bool {
        if let earliest = self.instants.last, earliest <= instant { return false }
        self.instants.append(instant)
        return true
    }

    /// The sleep for an instant is over.
    mutating func remove(_ instant: ContinuousClock.Instant) {
        self.instants.removeAll { $0 == instant }
    }
}
