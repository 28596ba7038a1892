import Addressing
import Settings

/// The supervisor and its workers as they are at a moment, as a value that any thread may have.
struct SupervisorSnapshot: Sendable {
    /// How the latest reload went.
    enum Reload: Sendable {
        /// There was none, or it did all it was to do.
        case succeeded
        /// The configuration is refused, or some workers keep their old one.
        case failed
    }

    /// In the order in which they were added.
    var workers: [WorkerSnapshot] = []
    /// Those of the whole configuration, sorted.
    var accounts: [AccountName] = []
    let shard: Shard
    /// Whether the supervisor has been ready.
    var hasBeenReady = false
    var isDraining = false
    /// What systemd is told.
    var status = "starting"
    /// Why there is no worker, where there is none.
    var idleReason = ""
    var lastReload = Reload.succeeded
    /// Notices that came from no worker.
    var droppedNotices = 0
    let startedAt: ContinuousClock.Instant

    init(of shard: Shard, at now: ContinuousClock.Instant) {
        self.shard = shard
        self.startedAt = now
    }

    /// All workers but those that only try to take another's place.
    var counted: [WorkerSnapshot] { self.workers.filter { $0.hasPlace || $0.state == .draining } }

    /// The worker of each name that serves, or is the latest to try, in the order in which they were added.
    var serving: [WorkerSnapshot] {
        var chosen: [String: WorkerSnapshot] = [:]
        for worker in self.workers where worker.hasPlace || chosen[worker.name]?.hasPlace != true {
            chosen[worker.name] = worker
        }
        return self.workers.filter { chosen[$0.name]?.id == $0.id }
    }
}
