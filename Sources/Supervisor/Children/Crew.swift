import Addressing
import Daemon
import Glibc
import Logging
import Settings

/// The workers and their processes: what the roster decides is done here, and told in the log.
///
/// To be used on the one permanent thread alone, since workers get SIGTERM from the kernel when the thread that spawned
/// them ends.
struct Crew {
    var roster: Roster
    private let notices: NotifySocket
    private var log: CrewLog
    private var generator = SystemRandomNumberGenerator()
    /// What a worker's first process is started with beside its plan.
    private var firstArguments: [WorkerID: [String]] = [:]

    /// - Parameter notices: where the workers are to send theirs; their admin sockets lie beside it.
    init(_ roster: Roster, notices: NotifySocket, logger: Logger) {
        self.roster = roster
        self.notices = notices
        self.log = CrewLog(logger)
    }

    /// Logs from this level on.
    mutating func log(at level: Logger.Level) {
        self.log.keep(from: level)
    }

    /// Adds a worker, whose life is to `begin`.
    ///
    /// - Parameter proofs: accounts whose tokens it is to prove before it serves; by its first process alone, since a
    ///   token that has served once is no reason to stay down.
    mutating func add(
        _ plan: WorkerPlan, _ terms: ChildLife.Terms, as standing: ChildLife.Standing = .sole,
        proving proofs: [AccountName] = []
    ) -> WorkerID {
        let id = self.roster.add(plan, terms, as: standing)
        if !proofs.isEmpty { self.firstArguments[id] = proofs.flatMap { ["--prove-token", $0.value] } }
        return id
    }

    /// Tells a worker of an event, and does what follows from it.
    mutating func tell(_ event: ChildLife.Event, to id: WorkerID) {
        let now = ContinuousClock.now
        guard let before = self.roster[id] else { return }
        let action = self.roster.handle(event, of: id, at: now, using: &self.generator)
        self.log.event(event, of: before, after: self.roster[id], action)
        switch action {
        case .none, .restart, .stayDown, .hold, .giveUp: break
        case .spawn: self.spawn(id)
        case .abort: self.signal(SIGABRT, to: before)
        case .terminate: self.signal(SIGTERM, to: before)
        case .kill: self.signal(SIGKILL, to: before)
        }
        if self.roster[id] == nil {
            self.firstArguments[id] = nil
            // One that was killed has left it.
            unlink(self.adminSocket(of: before).path)
        }
    }

    /// Takes what a process says of itself.
    ///
    /// - Returns: whether it is a worker's.
    mutating func heard(_ message: NotifyMessage, from pid: pid_t) -> Bool {
        guard let id = self.roster.worker(of: pid), let before = self.roster[id] else { return false }
        self.roster.heard(message, from: id, at: .now, using: &self.generator)
        if let after = self.roster[id] { self.log.notice(from: before, after: after) }
        return true
    }

    /// A child of this process has ended, and is reaped; it may be no worker's.
    mutating func ended(_ pid: pid_t, _ end: ChildEnd) {
        if let id = self.roster.worker(of: pid) { self.tell(.ended(end), to: id) }
    }

    /// Tells all whose time has come.
    mutating func tellDue() {
        let now = ContinuousClock.now
        while let id = self.roster.takeDue(at: now) { self.tell(.due, to: id) }
    }

    private mutating func spawn(_ id: WorkerID) {
        guard let member = self.roster[id] else { return }
        let plan = member.plan
        // Looked at first: a file that is replaced meanwhile is then taken for another one, and not the other way round.
        let executable = ExecutableIdentity(path: plan.executable)
        let own = [
            "NOTIFY_SOCKET=\(self.notices.path)",
            "\(plan.component.adminVariable)=\(self.adminSocket(of: member).address)",
        ]
        switch Spawner.spawn(plan, further: self.firstArguments.removeValue(forKey: id) ?? [], own: own) {
        case .success(let pid):
            self.roster.spawned(Roster.Child(pid: pid, executable: executable), of: id)
            self.log.started(member, pid: pid)
        case .failure(let error):
            self.tell(.ended(.notSpawned(reason: "\(plan.executable): \(error)")), to: id)
        }
    }

    /// The process is a child that is not reaped, so its ID cannot be another's.
    private func signal(_ signal: Int32, to member: Roster.Member) {
        if let child = member.child { kill(child.pid, signal) }
    }

    /// Where it shows its metrics.
    func adminSocket(of member: Roster.Member) -> AdminSocket {
        AdminSocket(of: member.name, member.id, in: self.notices.directory)
    }
}

extension Component {
    /// Where it reads the address of its admin endpoint from.
    fileprivate var adminVariable: String {
        switch self {
        case .ingress: Variables.ingressAdmin.name
        case .egress: Variables.egressAdmin.name
        }
    }
}
