import Synchronization

/// Something that happens once, and one task that waits for it.
final class Arrival: Sendable {
    private enum State {
        case awaited(CheckedContinuation<Void, Never>?)
        case happened
    }

    private let state = Mutex<State>(.awaited(nil))

    func wait(_ continuation: CheckedContinuation<Void, Never>) {
        let hasHappened = self.state.withLock { state in
            if case .happened = state { return true }
            state = .awaited(continuation)
            return false
        }
        if hasHappened {
            continuation.resume()
        }
    }

    func happened() {
        let continuation = self.state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard case .awaited(let continuation) = state else { return nil }
            state = .happened
            return continuation
        }
        continuation?.resume()
    }
}
