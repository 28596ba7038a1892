import Synchronization

/// A value behind a lock that can be waited on: whoever waits is woken by the very change it waits for.
package final class Watched<Value: Sendable>: Sendable {
    private struct Guarded {
        var value: Value
        var waiters: [Int: Waiter] = [:]
        var nextWaiter = 0
    }

    private struct Waiter: Sendable {
        /// Resumes its task and answers true when the value is what was waited for.
        let attempt: @Sendable (Value) -> Bool
        let cancel: @Sendable () -> Void
    }

    private let guarded: Mutex<Guarded>

    package init(_ value: Value) {
        self.guarded = Mutex(Guarded(value: value))
    }

    /// The value as it is now.
    package var current: Value {
        self.guarded.withLock { $0.value }
    }

    /// Changes the value, or reads it, under the lock; then wakes those who waited for this.
    package func update<Result: Sendable>(_ change: (inout Value) throws -> Result) rethrows -> Result {
        try self.guarded.withLock { guarded in
            let result = try change(&guarded.value)
            if !guarded.waiters.isEmpty {
                for (key, waiter) in guarded.waiters where waiter.attempt(guarded.value) {
                    guarded.waiters[key] = nil
                }
            }
            return result
        }
    }

    /// Reads a part of the value under the lock, without copying the whole.
    package func read<Result: Sendable>(_ part: (borrowing Value) throws -> Result) rethrows -> Result {
        try self.guarded.withLock { try part($0.value) }
    }

    /// Waits until the closure finds in the value what it looks for.
    ///
    /// The closure runs under the lock at every change, so it should be quick and must not touch this object.
    ///
    /// - Throws: `Overdue` after the limit, with the words of `what` at that moment; `CancellationError`.
    package func first<Found: Sendable>(
        within limit: Duration = .seconds(10), what: @autoclosure @escaping @Sendable () -> String,
        _ find: @escaping @Sendable (Value) -> Found?
    ) async throws -> Found {
        try await withThrowingTaskGroup(of: Found.self) { group in
            group.addTask { try await self.found(find) }
            group.addTask {
                try await Task.sleep(for: limit)
                throw Overdue(what(), limit: limit)
            }
            defer { group.cancelAll() }
            guard let found = try await group.next() else { throw CancellationError() }
            return found
        }
    }

    private func found<Found: Sendable>(_ find: @escaping @Sendable (Value) -> Found?) async throws -> Found {
        let key = self.guarded.withLock { guarded in
            guarded.nextWaiter += 1
            return guarded.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                self.guarded.withLock { guarded in
                    if let found = find(guarded.value) {
                        continuation.resume(returning: found)
                    } else if Task.isCancelled {
                        // The cancellation handler may have run before there was a waiter to find.
                        continuation.resume(throwing: CancellationError())
                    } else {
                        guarded.waiters[key] = Waiter(
                            attempt: { value in
                                guard let found = find(value) else { return false }
                                continuation.resume(returning: found)
                                return true
                            },
                            cancel: { continuation.resume(throwing: CancellationError()) })
                    }
                }
            }
        } onCancel: {
            self.guarded.withLock { $0.waiters.removeValue(forKey: key) }?.cancel()
        }
    }
}
