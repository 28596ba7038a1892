import Synchronization

/// Why a tenure has ended.
enum TenureEnd: Hashable, Sendable {
    /// Another has the lease, or no refresh got through in time.
    case lost
    /// There is a worker that the account prefers; the lease is still held until `hold` returns.
    case handOver(to: WorkerID)
    /// The process stops; the lease is still held until `hold` returns.
    case stopped
}

/// One unbroken time of holding the lease.
final class Tenure: Sendable {
    private struct State {
        var writeBy: ContinuousClock.Instant
        var end: TenureEnd?
        var isClosed = false
        var waiting: [Int: CheckedContinuation<TenureEnd, Never>] = [:]
        var lastWait = 0
    }

    private let clock: SendClock
    private let state: Mutex<State>

    init(writeBy: ContinuousClock.Instant, clock: SendClock = .continuous) {
        self.clock = clock
        self.state = Mutex(State(writeBy: writeBy))
    }

    /// No send is written from this instant on; it moves on with each refresh, and never again once it has passed.
    ///
    /// After `handOver` and `stopped` too it moves on until `hold` returns, for what is under way.
    var writeBy: ContinuousClock.Instant { self.state.withLock { $0.writeBy } }

    /// Whether no send may be begun any more; once true, it stays so.
    var isOver: Bool {
        self.state.withLock { $0.end != nil || $0.writeBy <= self.clock.now() }
    }

    /// Returns when the tenure ends, with the reason; with `stopped` when the task is cancelled before.
    func ended() async -> TenureEnd {
        let number = self.state.withLock { state in
            state.lastWait += 1
            return state.lastWait
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let end = self.state.withLock { state -> TenureEnd? in
                    if let end = state.end { return end }
                    if Task.isCancelled { return .stopped }
                    state.waiting[number] = continuation
                    return nil
                }
                if let end { continuation.resume(returning: end) }
            }
        } onCancel: {
            self.state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: .stopped)
        }
    }

    // MARK: For the lease

    /// Why it has ended; `nil` while it has not.
    var end: TenureEnd? { self.state.withLock { $0.end } }

    /// A refresh is stored. Answers false where it comes too late, or the lease is lost.
    func extend(to writeBy: ContinuousClock.Instant) -> Bool {
        self.state.withLock { state in
            guard state.end != .lost, self.clock.now() < state.writeBy else { return false }
            state.writeBy = max(state.writeBy, writeBy)
            return true
        }
    }

    /// Ends it; the first reason counts, but what is lost is lost.
    func end(_ end: TenureEnd) {
        let (reason, waiting) = self.state.withLock { state in
            if end == .lost { state.writeBy = min(state.writeBy, self.clock.now()) }
            let reason = end == .lost ? end : state.end ?? end
            state.end = reason
            defer { state.waiting = [:] }
            return (reason, state.waiting.values)
        }
        for continuation in waiting { continuation.resume(returning: reason) }
    }

    /// Whether `hold` has returned.
    var isClosed: Bool { self.state.withLock { $0.isClosed } }

    /// `hold` has returned, and nothing is written any more. Answers why the tenure had ended; `nil` where it had not.
    func close() -> TenureEnd? {
        let end = self.end
        self.end(.stopped)
        self.state.withLock { state in
            state.isClosed = true
            state.writeBy = min(state.writeBy, self.clock.now())
        }
        return end
    }
}
