import Synchronization

/// Where the supervisor's loop leaves its latest snapshot, and other threads find it; nobody waits here.
final class SnapshotBoard: Sendable {
    private let latest: Mutex<SupervisorSnapshot>

    init(_ first: SupervisorSnapshot) {
        self.latest = Mutex(first)
    }

    var current: SupervisorSnapshot { self.latest.withLock { $0 } }

    func publish(_ snapshot: SupervisorSnapshot) {
        self.latest.withLock { $0 = snapshot }
    }
}
