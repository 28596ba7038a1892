import Addressing
import Glibc
import Settings

/// One worker as it is at a moment; nothing of it is secret.
struct WorkerSnapshot: Sendable {
    let id: WorkerID
    /// While one takes the place of another, both have it.
    let name: String
    let component: Component
    /// Those it sends for; none for the ingress.
    let accounts: [AccountName]
    let state: WorkerState
    let isReady: Bool
    /// Whether it counts among the workers: it is neither about to go nor only trying to take another's place.
    let hasPlace: Bool
    /// Nil while it has no process.
    let process: Process?
    /// How often workers of its name were started again.
    let restarts: Int
    let lastEnd: ChildEnd?
    /// Why it is not ready or not well, or what it says of itself.
    let reason: String
    /// Where its admin endpoint is while it has a process.
    let adminSocket: AdminSocket

    struct Process: Sendable {
        let pid: pid_t
        let startedAt: ContinuousClock.Instant
    }
}

extension WorkerSnapshot {
    init(_ member: Roster.Member, restarts: Int, adminSocket: AdminSocket) {
        let life = member.life
        self.init(
            id: member.id, name: member.name, component: member.plan.component, accounts: member.plan.accounts,
            state: WorkerState(life), isReady: life.isReady, hasPlace: member.hasPlace,
            process: member.child.flatMap { child in
                life.startedAt.map { Process(pid: child.pid, startedAt: $0) }
            },
            restarts: restarts, lastEnd: life.lastEnd, reason: member.reason, adminSocket: adminSocket)
    }
}
