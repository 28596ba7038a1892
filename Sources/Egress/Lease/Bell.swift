import Synchronization

/// Wakes the one task that waits here before its time; a ring that nobody waits for is kept for the next wait.
final class Bell: Sendable {
    private struct State {
        var hasRung = false
        var waiter: Waiter?
    }

    private let state = Mutex(State())

    func ring() {
        let waiter = self.state.withLock { state in
            state.hasRung = state.waiter == nil
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.wake()
    }

    /// Returns at the instant, at a ring, or when the task is cancelled.
    func wait(until instant: ContinuousClock.Instant, on clock: SendClock) async {
        let waiter = Waiter()
        let hasRung = self.state.withLock { state in
            if !state.hasRung { state.waiter = waiter }
            defer { state.hasRung = false }
            return state.hasRung
        }
        guard !hasRung else { return }
        await withDiscardingTaskGroup { group in
            group.addTask {
                await clock.sleep(instant)
                waiter.wake()
            }
            await waiter.wait()
            group.cancelAll()
        }
        self.state.withLock { state in
            if state.waiter === waiter { state.waiter = nil }
        }
    }
}

/// One wait.
private final class Waiter: Sendable {
    private enum State {
        case expected(CheckedContinuation<Void, Never>?)
        case woken
    }

    private let state = Mutex(State.expected(nil))

    func wake() {
        let continuation = self.state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard case .expected(let continuation) = state else { return nil }
            state = .woken
            return continuation
        }
        continuation?.resume()
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isWoken = self.state.withLock { state in
                if case .woken = state { return true }
                state = .expected(continuation)
                return false
            }
            if isWoken { continuation.resume() }
        }
    }
}
