import Synchronization

/// Counts the webhooks at the receiver, up to a limit, which each request brings along.
final class InFlightLimit: Sendable {
    private let taken = Atomic(0)

    /// How many are in flight.
    var count: Int { self.taken.load(ordering: .relaxed) }

    /// Whether one more would be refused just now.
    func isReached(_ limit: Int) -> Bool { self.count >= limit }

    /// Takes a place if one of so many is free.
    func enter(_ limit: Int) -> Bool {
        var seen = self.taken.load(ordering: .relaxed)
        while seen < limit {
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
