import Synchronization

/// Counts the webhooks at the receiver, up to a limit.
final class InFlightLimit: Sendable {
    private let limit: Int
    private let taken = Atomic(0)

    init(_ limit: Int) {
        self.limit = limit
    }

    /// How many are in flight.
    var count: Int { self.taken.load(ordering: .relaxed) }

    /// Whether one more would be refused just now.
    var isReached: Bool { self.count >= self.limit }

    /// Takes a place if one is free.
    func enter() -> Bool {
        var seen = self.taken.load(ordering: .relaxed)
        while seen < self.limit {
            let (exchanged, original) = self.taken.compareExchange(
                expected: seen, desired: seen + 1, ordering: .acquiringAndReleasing)
            if exchanged { return true }
            seen = original
        }
        return false
    }

    /// Gives a place back.
    func leave() {
        self.taken.subtract(1, ordering: .acquiringAndReleasing)
    }
}
