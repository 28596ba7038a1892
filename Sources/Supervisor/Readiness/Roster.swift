import Daemon
import Glibc

/// All workers of a supervisor with their lives, as a value: it says when the supervisor is ready, and when it is over.
///
/// Workers come and go. What a notice or an end costs does not depend on how many there are.
struct Roster {
    /// A process of a worker's.
    struct Child: Hashable {
        let pid: pid_t
        /// What was executed; nil where that is not known.
        let executable: ExecutableIdentity?
    }

    struct Member {
        let id: WorkerID
        let plan: WorkerPlan
        fileprivate(set) var life: ChildLife
        /// Its process, while it has one.
        fileprivate(set) var child: Child?
        /// What the worker said of itself last.
        fileprivate(set) var status: String?

        /// Such as `egress-sales`; while one takes the place of another, both have it.
        var name: String { self.plan.name }
    }

    /// So long all workers may take to be ready before one is enough.
    static let grace = Duration.seconds(10)

    private var byID: [WorkerID: Member] = [:]
    private var byProcess: [pid_t: WorkerID] = [:]
    private var deadlines = DeadlineQueue()
    private var lastNumber = 0
    /// Whether the supervisor has been ready; it remains so.
    private(set) var isReady = false
    private(set) var isDraining = false
    /// Another one whenever what the status or the readiness depends on may have changed.
    private(set) var revision = 0
    /// The end of the start grace; nil once it is over.
    private var graceEnd: ContinuousClock.Instant?
    /// What to say of a roster without workers.
    var idleReason: String
    private var hasKilled = false
    /// By name: how often workers of it were started again, those that are gone included.
    private(set) var restarts: [String: Int] = [:]

    /// - Parameter idleReason: why there is no worker, where there is none.
    init(startingAt now: ContinuousClock.Instant, idleReason: String) {
        self.graceEnd = now + Self.grace
        self.idleReason = idleReason
    }

    // MARK: Who is there

    /// In the order in which they were added.
    var members: [Member] { self.byID.values.sorted { $0.id < $1.id } }

    var isEmpty: Bool { self.byID.isEmpty }

    /// Nil for a worker that is gone.
    subscript(id: WorkerID) -> Member? { self.byID[id] }

    /// The worker whose process this is; nil for a process that is none of ours.
    func worker(of pid: pid_t) -> WorkerID? { self.byProcess[pid] }

    /// Adds a worker, whose life is to `begin`.
    mutating func add(_ plan: WorkerPlan, _ terms: ChildLife.Terms, as standing: ChildLife.Standing = .sole) -> WorkerID
    {
        self.lastNumber += 1
        let id = WorkerID(number: self.lastNumber)
        self.byID[id] = Member(id: id, plan: plan, life: ChildLife(terms, as: standing))
        self.revision += 1
        return id
    }

    // MARK: What happens

    /// Takes an event in the life of a worker, and says what is to be done; one whose life is over is no member any
    /// more.
    mutating func handle(
        _ event: ChildLife.Event, of id: WorkerID, at now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) -> ChildLife.Action {
        guard let before = self.byID[id]?.life,
            let action = self.byID[id]?.life.handle(event, at: now, using: &generator), let life = self.byID[id]?.life
        else { return .none }
        if case .ended = event {
            self.byID[id]?.status = nil
            if let child = self.byID[id]?.child { self.byProcess[child.pid] = nil }
            self.byID[id]?.child = nil
        }
        if action == .kill, self.isDraining { self.hasKilled = true }
        if life.state != before.state || life.standing != before.standing || life.isFailing != before.isFailing {
            self.revision += 1
        }
        if life.restarts > before.restarts, let name = self.byID[id]?.name {
            self.restarts[name, default: 0] += life.restarts - before.restarts
        }
        if let deadline = life.deadline { self.deadlines.note(deadline, of: id) }
        if life.state == .gone { self.byID[id] = nil }
        return action
    }

    /// Takes what a worker says of itself; a status without `READY=1` says that it cannot serve.
    mutating func heard(
        _ message: NotifyMessage, from id: WorkerID, at now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) {
        if let text = message.status {
            let status = text.isEmpty ? nil : text
            if self.byID[id]?.status != status { self.revision += 1 }
            self.byID[id]?.status = status
        }
        if message.isPing { _ = self.handle(.alive, of: id, at: now, using: &generator) }
        if message.isReady {
            _ = self.handle(.ready, of: id, at: now, using: &generator)
        } else if message.status != nil || message.isStopping {
            _ = self.handle(.notReady, of: id, at: now, using: &generator)
        }
    }

    /// The worker has a process now.
    mutating func spawned(_ child: Child, of id: WorkerID) {
        self.byID[id]?.child = child
        self.byProcess[child.pid] = id
    }

    /// The supervisor was told to stop; to be followed by a `drain` for each worker.
    mutating func beginDrain() {
        self.isDraining = true
        self.revision += 1
    }

    /// Sees whether the supervisor has become ready by now.
    mutating func look(at now: ContinuousClock.Instant) {
        guard !self.isReady, !self.isDraining else { return }
        if let end = self.graceEnd, now >= end { self.graceEnd = nil }
        self.isReady =
            self.byID.values.allSatisfy { $0.life.hasBeenReady }
            || self.graceEnd == nil && self.byID.values.contains { $0.life.isReady }
        if self.isReady { self.revision += 1 }
    }

    // MARK: What comes next

    /// The status the supervisor is to end with; nil while it is to go on.
    var ending: ExitStatus? {
        if self.isDraining { return self.isEmpty ? (self.hasKilled ? .software : .success) : nil }
        guard !self.isReady, !self.isEmpty, self.byID.values.allSatisfy({ $0.life.state == .down }) else { return nil }
        return .configuration
    }

    /// When to look again, and to tell those that are due; nil when nothing is waited for.
    var deadline: ContinuousClock.Instant? {
        let grace = self.isReady || self.isDraining ? nil : self.graceEnd
        return [self.deadlines.next, grace].compactMap { $0 }.min()
    }

    /// Takes out the next worker whose time has come; it is to be told that it is `due`.
    mutating func takeDue(at now: ContinuousClock.Instant) -> WorkerID? {
        while let id = self.deadlines.take(at: now) {
            guard let deadline = self.byID[id]?.life.deadline else { continue }
            if deadline <= now { return id }
            self.deadlines.note(deadline, of: id)
        }
        return nil
    }
}
