import Addressing

/// What a supervisor shows of itself.
extension Supervision {
    /// What a snapshot depends on; the rest follows from it.
    struct Showing: Equatable {
        let revision: Int
        let note: String?
        let lastReload: SupervisorSnapshot.Reload
        let droppedNotices: Int
    }

    /// Leaves a snapshot on the board, where anything has changed since the last one.
    mutating func show() {
        let roster = self.crew.roster
        let showing = Showing(
            revision: roster.revision, note: self.report.note, lastReload: self.lastReload,
            droppedNotices: self.strangers.dropped)
        guard showing != self.shown else { return }
        self.shown = showing
        let settings = self.configuration.assembly.settings
        var snapshot = SupervisorSnapshot(of: settings.shard, at: self.startedAt)
        snapshot.workers = roster.members.map {
            WorkerSnapshot($0, restarts: roster.restarts[$0.name] ?? 0, adminSocket: self.crew.adminSocket(of: $0))
        }
        snapshot.accounts = settings.accounts.map(\.name)
        snapshot.hasBeenReady = roster.isReady
        snapshot.isDraining = roster.isDraining
        snapshot.status = roster.status(noting: self.report.note)
        snapshot.idleReason = roster.idleReason
        snapshot.lastReload = self.lastReload
        snapshot.droppedNotices = self.strangers.dropped
        self.board.publish(snapshot)
    }
}
