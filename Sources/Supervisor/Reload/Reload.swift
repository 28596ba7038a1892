/// A reload under way, as a value: which groups have their turn, and how it went.
struct Reload {
    /// So many newcomers may be starting at once; a group that has more has its turn alone.
    static let newcomersAtOnce = 8

    /// How a reload went, in numbers of workers.
    struct Summary: Hashable {
        let kept: Int
        let added: Int
        let removed: Int
        fileprivate(set) var replaced = 0
        /// Old ones that stay because the new ones would not do.
        fileprivate(set) var failed = 0
    }

    private var waiting: ArraySlice<ReloadPlan.Group>
    private(set) var handovers: [Handover] = []
    private(set) var summary: Summary
    /// The workers that keep their old configuration, by name, in the order of their failure.
    private(set) var failures: [String] = []

    init(_ plan: ReloadPlan) {
        self.waiting = plan.groups[...]
        self.summary = Summary(kept: plan.kept.count, added: plan.added.count, removed: plan.removed.count)
    }

    var isOver: Bool { self.waiting.isEmpty && self.handovers.isEmpty }

    /// How many groups have not come to their end.
    var groupsLeft: Int { self.waiting.count + self.handovers.count }

    /// When to ask for verdicts, whatever happens; nil when nobody is starting.
    var deadline: ContinuousClock.Instant? { self.handovers.map(\.deadline).min() }

    /// The next group whose newcomers may start now; nil while enough are starting. `began` or `replaced` is to follow.
    mutating func nextGroup() -> ReloadPlan.Group? {
        let starting = self.handovers.reduce(0) { $0 + $1.new.count }
        guard let group = self.waiting.first,
            starting == 0 || starting + group.new.count <= Self.newcomersAtOnce
        else { return nil }
        self.waiting.removeFirst()
        return group
    }

    mutating func began(_ handover: Handover) {
        self.handovers.append(handover)
    }

    /// So many old workers were replaced without waiting for the new ones.
    mutating func replaced(_ count: Int) {
        self.summary.replaced += count
    }

    /// Takes out the handovers that are decided.
    mutating func takeVerdicts(
        at now: ContinuousClock.Instant, _ progress: (WorkerID) -> Handover.Progress
    ) -> [(handover: Handover, verdict: Handover.Verdict)] {
        var decided: [(handover: Handover, verdict: Handover.Verdict)] = []
        var open: [Handover] = []
        for handover in self.handovers {
            let verdict = handover.verdict(at: now, progress)
            switch verdict {
            case .open:
                open.append(handover)
                continue
            case .won: self.summary.replaced += handover.old.count
            case .lost(let worker, _):
                self.summary.failed += handover.old.count
                self.failures.append(worker)
            }
            decided.append((handover, verdict))
        }
        self.handovers = open
        return decided
    }

    /// The supervisor was paused for a while.
    mutating func resume(at now: ContinuousClock.Instant) {
        for index in self.handovers.indices { self.handovers[index].resume(at: now) }
    }
}
