import Settings
import Synchronization

/// A call whose outcome somebody wants, on its way to the curl thread.
struct PendingCall: Sendable {
    let call: GraphCall
    let token: Secret
    let writeBy: ContinuousClock.Instant
    /// `nil`: nobody can cancel it.
    let cancellation: Cancellation?
    /// Called exactly once, with what became of the call; on the curl thread, unless the call is not taken at all.
    let ended: @Sendable (GraphOutcome) -> Void

    var isCancelled: Bool { self.cancellation?.isRequested ?? false }
}

/// Whether the task that awaits a call was cancelled.
final class Cancellation: Sendable {
    private let requested = Atomic(false)

    var isRequested: Bool { self.requested.load(ordering: .acquiring) }

    func request() {
        self.requested.store(true, ordering: .releasing)
    }
}
