import Synchronization

/// Counts what is under way, up to a limit.
final class BoundedCount: Sendable {
    let limit: Int
    private let count = Atomic<Int>(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Counts one more; answers false, and counts nothing, where the limit is reached.
    func enter() -> Bool {
        if self.count.wrappingAdd(1, ordering: .relaxed).newValue <= self.limit { return true }
        self.leave()
        return false
    }

    func leave() {
        self.count.wrappingSubtract(1, ordering: .relaxed)
    }
}
