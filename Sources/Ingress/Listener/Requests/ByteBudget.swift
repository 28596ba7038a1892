import Synchronization

/// The bytes of bodies that all connections together may hold.
///
/// A connection that gets none waits without being read from; its peer feels that as a closed TCP window.
final class ByteBudget: Sendable {
    private struct State {
        var ledger: BudgetLedger
        var callbacks: [BudgetLedger.Place: @Sendable () -> Void] = [:]
    }

    private let state: Mutex<State>
    /// A copy that can be read without the lock: whether somebody waits.
    private let contended = Atomic(false)

    init(capacity: Int) {
        self.state = Mutex(State(ledger: BudgetLedger(capacity: capacity)))
    }

    /// Whether a connection waits for bytes.
    var isContended: Bool { self.contended.load(ordering: .relaxed) }

    /// Bytes that are taken now.
    var held: Int { self.state.withLock { $0.ledger.held } }

    /// Has another number of bytes to give from now on; what is held stays held.
    func resize(to capacity: Int) {
        self.grant { $0.ledger.capacity = capacity }
    }

    /// Takes the bytes if they are free and nobody waits for some.
    func reserve(_ amount: Int) -> Bool {
        self.state.withLock { $0.ledger.reserve(amount) }
    }

    /// Queues up for bytes; `granted` is called once they are the caller's, on this thread or the releasing one.
    func wait(for amount: Int, granted: @escaping @Sendable () -> Void) -> BudgetLedger.Place {
        let place = self.state.withLock { state in
            let place = state.ledger.wait(for: amount)
            state.callbacks[place] = granted
            return place
        }
        // Bytes may have become free since they were refused.
        self.grant { _ in }
        return place
    }

    /// Leaves the queue; false when the bytes were granted before, and are to be released.
    func leave(_ place: BudgetLedger.Place) -> Bool {
        var left = false
        self.grant { state in
            left = state.ledger.leave(place)
            state.callbacks[place] = nil
        }
        return left
    }

    /// Gives bytes back.
    func release(_ amount: Int) {
        guard amount > 0 else { return }
        self.grant { $0.ledger.release(amount) }
    }

    /// Makes a change, then hands out what is free, the callbacks outside the lock.
    private func grant(after change: (inout State) -> Void) {
        let callbacks = self.state.withLock { state in
            change(&state)
            var callbacks: [@Sendable () -> Void] = []
            while let place = state.ledger.grantNext() {
                if let callback = state.callbacks.removeValue(forKey: place) { callbacks.append(callback) }
            }
            self.contended.store(state.ledger.isAnyoneWaiting, ordering: .relaxed)
            return callbacks
        }
        for callback in callbacks { callback() }
    }
}
