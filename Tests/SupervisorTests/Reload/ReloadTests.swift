import Testing

@testable import Supervisor

/// Which groups have their turn, and what becomes of them.
@Suite struct ReloadTests {
    private static let start = ContinuousClock.now

    /// A handover from worker 1 to the workers 2 and 3.
    private static let handover = Handover(
        from: [WorkerID(number: 1)],
        to: [(WorkerID(number: 2), "egress-a"), (WorkerID(number: 3), "egress-b")], at: start)

    private static func lost(_ worker: String, _ reason: String) -> Handover.Verdict {
        .lost(worker: worker, reason: reason)
    }

    /// How the two newcomers do, what that means before the time is over, and once it is.
    private static let table: [(one: Handover.Progress, other: Handover.Progress, Handover.Verdict, Handover.Verdict)] =
        [
            (.ready, .ready, .won, .won),
            (
                .starting(status: nil), .ready, .open,
                lost("egress-a", "the new worker was not ready in 10.0 seconds")
            ),
            (
                .ready, .starting(status: "waiting for NATS"), .open,
                lost("egress-b", "the new worker was not ready in 10.0 seconds: waiting for NATS")
            ),
            (
                .starting(status: nil), .starting(status: nil), .open,
                lost("egress-a", "the new worker was not ready in 10.0 seconds")
            ),
            (.ended, .ready, failed("egress-a"), failed("egress-a")),
            (.ready, .ended, failed("egress-b"), failed("egress-b")),
            (.starting(status: nil), .ended, failed("egress-b"), failed("egress-b")),
            (.ended, .ended, failed("egress-a"), failed("egress-a")),
        ]

    private static func failed(_ worker: String) -> Handover.Verdict {
        .lost(worker: worker, reason: "the new worker ended before it was ready")
    }

    @Test(arguments: Self.table.indices)
    func `The newcomers win when all are ready, and lose when one ends or their time is over`(row: Int) {
        let (one, other, early, late) = Self.table[row]
        let progress = { (id: WorkerID) in id.number == 2 ? one : other }
        #expect(Self.handover.verdict(at: Self.start + .milliseconds(9999), progress) == early)
        #expect(Self.handover.verdict(at: Self.start + .seconds(10), progress) == late)
    }

    @Test func `After a pause of the supervisor's own they have all their time again`() {
        var handover = Self.handover
        handover.resume(at: Self.start + .seconds(60))
        #expect(handover.verdict(at: Self.start + .seconds(69)) { _ in .starting(status: nil) } == .open)
        #expect(handover.deadline == Self.start + .seconds(70))
    }

    /// A plan with groups of so many newcomers, the first for worker 1, the second for worker 2 and so on.
    private static func plan(_ sizes: [Int]) -> ReloadPlan {
        var present: [ReloadPlan.Present] = []
        var wanted: [WorkerPlan] = []
        for (index, size) in sizes.enumerated() {
            let accounts = (0..<size).map { "g\(index)-\($0)" }
            present.append(
                ReloadPlan.Present(
                    id: WorkerID(number: index + 1), plan: .egress("egress-\(index)", accounts), executable: nil))
            for account in accounts { wanted.append(.egress("new-\(account)", [account])) }
        }
        return ReloadPlan(from: present, to: wanted, executables: [:])
    }

    /// Starts all groups that may start; each newcomer has 100 times the number of its old worker.
    private static func startGroups(_ reload: inout Reload) -> [Int] {
        var started: [Int] = []
        while let group = reload.nextGroup() {
            let old = group.old[0].number
            started.append(old)
            let new = group.new.enumerated().map { (id: WorkerID(number: 100 * old + $0), name: $1.plan.name) }
            reload.began(Handover(from: group.old, to: new, at: Self.start))
        }
        return started
    }

    @Test func `A few newcomers start at a time, the next once others are done`() {
        var reload = Reload(Self.plan([4, 3, 2, 1]))
        #expect(reload.groupsLeft == 4)
        #expect(Self.startGroups(&reload) == [1, 2])
        #expect(reload.deadline == Self.start + .seconds(10))
        let decided = reload.takeVerdicts(at: Self.start) { $0.number >= 200 ? .ready : .starting(status: nil) }
        #expect(decided.map(\.verdict) == [.won] && decided.first?.handover.old == [WorkerID(number: 2)])
        #expect(Self.startGroups(&reload) == [3, 4])
        #expect(!reload.isOver)
        _ = reload.takeVerdicts(at: Self.start) { _ in .ready }
        #expect(reload.isOver && reload.deadline == nil)
        #expect(reload.summary.replaced == 4 && reload.summary.failed == 0)
    }

    @Test func `A group of many has its turn alone`() {
        var reload = Reload(Self.plan([1, 20, 1]))
        #expect(Self.startGroups(&reload) == [1])
        _ = reload.takeVerdicts(at: Self.start) { _ in .ready }
        #expect(Self.startGroups(&reload) == [2])
        _ = reload.takeVerdicts(at: Self.start) { _ in .ready }
        #expect(Self.startGroups(&reload) == [3])
    }

    @Test func `A group that fails leaves the others alone, and is counted and named`() {
        var reload = Reload(Self.plan([1, 1]))
        _ = Self.startGroups(&reload)
        let decided = reload.takeVerdicts(at: Self.start) { $0.number >= 200 ? .ended : .ready }
        #expect(decided.count == 2)
        #expect(reload.summary.replaced == 1 && reload.summary.failed == 1)
        #expect(reload.failures == ["new-g1-0"])
    }

    @Test func `What is replaced at once counts, and leaves room for the others`() {
        var reload = Reload(Self.plan([8, 8, 1]))
        #expect(reload.nextGroup()?.old == [WorkerID(number: 1)])
        reload.replaced(1)
        #expect(Self.startGroups(&reload) == [2])
        #expect(reload.summary.replaced == 1)
    }

    @Test func `A reload without anything to replace is over at once`() {
        var reload = Reload(Self.plan([]))
        #expect(reload.isOver && reload.nextGroup() == nil)
    }
}
