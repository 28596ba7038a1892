import Settings
import Synchronization

/// A call that somebody awaits, on its way to the curl thread.
struct PendingCall: Sendable {
    let call: GraphCall
    let token: Secret
    let writeBy: ContinuousClock.Instant
    let cancellation: Cancellation
    /// Resumed exactly once, with what became of the call.
    let continuation: CheckedContinuation<GraphOutcome, Never>
}

/// Whether the task that awaits a call was cancelled.
final class Cancellation: Sendable {
    private let requested = Atomic(false)

    var isRequested: Bool { self.requested.load(ordering: .acquiring) }

    func request() {
        self.requested.store(true, ordering: .releasing)
    }
}
