import Addressing
import Daemon
import Settings
import Testing

@testable import Supervisor

@Suite struct SupervisorSnapshotTests {
    private static func snapshot(_ workers: [WorkerSnapshot], hasBeenReady: Bool = true) -> SupervisorSnapshot {
        var snapshot = SupervisorSnapshot(of: Shard(index: 2, count: 3), at: .now)
        snapshot.workers = workers
        snapshot.hasBeenReady = hasBeenReady
        snapshot.idleReason = "no account falls to shard 2/3"
        return snapshot
    }

    private static func check(_ report: ReadinessReport, _ name: String) -> ReadinessCheck? {
        report.checks.first { $0.name == name }
    }

    @Test func `Each worker is a check with its reason, and one that serves is enough`() {
        let report = Self.snapshot([.test(1, "egress-a"), .test(2, "egress-b", .unready, reason: "NATS is away")])
            .readiness
        #expect(report.isReady)
        #expect(Self.check(report, "egress-a")?.finding == .holds)
        #expect(Self.check(report, "egress-b")?.finding == .fails("NATS is away"))
    }

    @Test func `It is not ready before it ever was, nor when nobody serves any more`() {
        #expect(
            !Self.snapshot([.test(1, "egress-a"), .test(2, "egress-b", .starting)], hasBeenReady: false).readiness
                .isReady)
        #expect(!Self.snapshot([.test(1, "egress-a", .unready)]).readiness.isReady)
    }

    @Test func `A host to which no account falls is ready, and says why`() {
        let report = Self.snapshot([]).readiness
        #expect(report.isReady)
        #expect(report.checks == [ReadinessCheck("accounts", .idle("no account falls to shard 2/3"))])
    }

    @Test func `Before anything is known it is not ready`() {
        #expect(!SupervisorSnapshot(of: Shard(index: 1, count: 1), at: .now).readiness.isReady)
    }

    @Test func `While it drains it is not ready`() {
        var snapshot = Self.snapshot([.test(1, "egress-a")])
        snapshot.isDraining = true
        #expect(!snapshot.readiness.isReady)
    }

    @Test func `A worker that fails now and then is degraded while it serves`() {
        let report = Self.snapshot([.test(1, "egress-a", .failing, isReady: true, reason: "failing, ready")]).readiness
        #expect(report.isReady)
        #expect(Self.check(report, "egress-a")?.finding == .degraded("failing, ready"))
    }

    @Test func `Of two workers of a name the one that has the place is asked and judged`() {
        let snapshot = Self.snapshot([
            .test(1, "egress-a"), .test(2, "egress-b"), .test(3, "egress-a", .starting, hasPlace: false),
        ])
        #expect(snapshot.serving.map(\.id.number) == [1, 2])
        #expect(snapshot.readiness.checks.count == 2)
        #expect(snapshot.counted.count == 2)
    }

    @Test func `Once the old one drains its successor is asked; when all drain, the latest of each name`() {
        let handedOver = Self.snapshot([.test(1, "egress-a", .draining, hasPlace: false), .test(3, "egress-a")])
        #expect(handedOver.serving.map(\.id.number) == [3])
        #expect(handedOver.counted.count == 2)
        let draining = Self.snapshot([
            .test(1, "egress-a", .draining, hasPlace: false), .test(3, "egress-a", .draining, hasPlace: false),
        ])
        #expect(draining.serving.map(\.id.number) == [3])
    }
}

extension WorkerSnapshot {
    /// A worker that runs.
    static func test(
        _ number: Int, _ name: String, _ state: WorkerState = .ready, isReady: Bool? = nil, hasPlace: Bool = true,
        component: Component = .egress, restarts: Int = 0, isRunning: Bool = true, reason: String = "ready",
        at socket: AdminSocket? = nil
    ) -> WorkerSnapshot {
        let id = WorkerID(number: number)
        return WorkerSnapshot(
            id: id, name: name, component: component, accounts: [], state: state, isReady: isReady ?? (state == .ready),
            hasPlace: hasPlace, process: isRunning ? Process(pid: 1, startedAt: .now) : nil, restarts: restarts,
            lastEnd: nil, reason: reason, adminSocket: socket ?? AdminSocket(of: name, id, in: "/nowhere"))
    }
}
