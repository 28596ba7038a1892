import Daemon

/// All workers of a supervisor with their lives, as a value: it says when the supervisor is ready, and when it is over.
struct Roster {
    struct Member {
        /// Such as `egress-sales`.
        let name: String
        fileprivate(set) var life: ChildLife
        /// What the worker said of itself last.
        fileprivate(set) var status: String?
    }

    /// So long all workers may take to be ready before one is enough.
    static let grace = Duration.seconds(10)

    private(set) var members: [Member]
    /// Whether the supervisor has been ready; it remains so.
    private(set) var isReady = false
    private(set) var isDraining = false
    /// The end of the start grace; nil once it is over.
    private var graceEnd: ContinuousClock.Instant?
    /// What to say of a roster without workers.
    let idleReason: String
    private var hasKilled = false

    /// - Parameters:
    ///   - names: the workers, in the order of their start.
    ///   - drain: how long a worker may take to drain.
    ///   - idleReason: why there is no worker, where there is none.
    init(names: [String], drain: Duration, startingAt now: ContinuousClock.Instant, idleReason: String) {
        self.members = names.map { Member(name: $0, life: ChildLife(drain: drain)) }
        self.graceEnd = now + Self.grace
        self.idleReason = idleReason
    }

    /// Takes an event in the life of the worker at `index`, and says what is to be done.
    mutating func handle(
        _ event: ChildLife.Event, of index: Int, at now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) -> ChildLife.Action {
        if event == .drain { self.isDraining = true }
        let action = self.members[index].life.handle(event, at: now, using: &generator)
        if case .ended = event { self.members[index].status = nil }
        if action == .kill { self.hasKilled = true }
        return action
    }

    /// Takes what the worker at `index` says of itself; a status without `READY=1` says that it cannot serve.
    mutating func heard(
        _ message: NotifyMessage, from index: Int, at now: ContinuousClock.Instant,
        using generator: inout some RandomNumberGenerator
    ) {
        if let status = message.status { self.members[index].status = status.isEmpty ? nil : status }
        if message.isReady {
            _ = self.handle(.ready, of: index, at: now, using: &generator)
        } else if message.status != nil || message.isStopping {
            _ = self.handle(.notReady, of: index, at: now, using: &generator)
        }
    }

    /// The supervisor was told to stop; to be followed by a `drain` for each worker.
    mutating func beginDrain() {
        self.isDraining = true
    }

    /// Sees whether the supervisor has become ready by now.
    mutating func look(at now: ContinuousClock.Instant) {
        guard !self.isReady, !self.isDraining else { return }
        if let end = self.graceEnd, now >= end { self.graceEnd = nil }
        self.isReady =
            self.members.allSatisfy { $0.life.hasBeenReady }
            || self.graceEnd == nil && self.members.contains { $0.life.isReady }
    }

    /// The status the supervisor is to end with; nil while it is to go on.
    var ending: ExitStatus? {
        if self.isDraining {
            guard self.members.allSatisfy({ $0.life.state == .gone }) else { return nil }
            return self.hasKilled ? .software : .success
        }
        guard !self.isReady, !self.members.isEmpty, self.members.allSatisfy({ $0.life.state == .down }) else {
            return nil
        }
        return .configuration
    }

    /// When to look again, and to tell those that are due; nil when nothing is waited for.
    var deadline: ContinuousClock.Instant? {
        let grace = self.isReady || self.isDraining ? nil : self.graceEnd
        return (self.members.map(\.life.deadline) + [grace]).compactMap { $0 }.min()
    }

    /// The workers whose time has come.
    func indicesDue(at now: ContinuousClock.Instant) -> [Int] {
        self.members.indices.filter { index in self.members[index].life.deadline.map { $0 <= now } ?? false }
    }
}
