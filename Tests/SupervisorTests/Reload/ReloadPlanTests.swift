import Addressing
import TestSupport
import Testing

@testable import Supervisor

/// From what is there to what is wanted.
@Suite struct ReloadPlanTests {
    /// What lies on disk, the same at all times unless a test says otherwise.
    private static let disk = ["/usr/bin/whatsapp-egress", "/usr/bin/whatsapp-ingress"].enumerated().reduce(
        into: [String: ExecutableIdentity]()
    ) { $0[$1.element] = ExecutableIdentity(device: 1, inode: UInt64($1.offset), size: 1, modified: [1, 0]) }

    private static func plan(
        _ present: [WorkerPlan], to wanted: [WorkerPlan], running: (Int) -> Bool = { _ in true },
        disk: [String: ExecutableIdentity] = ReloadPlanTests.disk
    ) -> ReloadPlan {
        let workers = present.enumerated().map { index, plan in
            ReloadPlan.Present(
                id: WorkerID(number: index), plan: plan, executable: running(index) ? Self.disk[plan.executable] : nil)
        }
        return ReloadPlan(from: workers, to: wanted, executables: disk)
    }

    private static func numbers(_ ids: [WorkerID]) -> [Int] { ids.map(\.number) }

    private static func shape(_ groups: [ReloadPlan.Group]) -> [[[String]]] {
        groups.map { group in [group.old.map { "\($0.number)" }, group.new.map(\.plan.name)] }
    }

    private static let shop = WorkerPlan.egress("egress-shop", ["shop"])
    private static let desk = WorkerPlan.egress("egress-desk", ["desk"])

    @Test func `Where nothing has changed all are kept`() {
        let all = [.ingress(["desk", "shop"]), Self.desk, Self.shop]
        let plan = Self.plan(all, to: all)
        #expect(Self.numbers(plan.kept) == [0, 1, 2])
        #expect(plan.groups.isEmpty && plan.added.isEmpty && plan.removed.isEmpty)
    }

    @Test func `An account more is a worker more, an account less a worker less`() {
        let support = WorkerPlan.egress("egress-support", ["support"])
        let plan = Self.plan([Self.desk, Self.shop], to: [Self.shop, support])
        #expect(Self.numbers(plan.kept) == [1])
        #expect(plan.added == [support])
        #expect(Self.numbers(plan.removed) == [0])
        #expect(plan.groups.isEmpty)
    }

    @Test func `A changed token replaces its worker, which has to prove it, and no other`() {
        let renewed = WorkerPlan.egress("egress-shop", ["shop"], tokens: ["shop": "renewed"])
        let plan = Self.plan(
            [.ingress(["desk", "shop"]), Self.desk, Self.shop],
            to: [
                .ingress(["desk", "shop"]), Self.desk, renewed,
            ])
        #expect(Self.numbers(plan.kept) == [0, 1])
        #expect(Self.shape(plan.groups) == [[["2"], ["egress-shop"]]])
        #expect(plan.groups.first?.new.first?.proofs.map(\.value) == ["shop"])
    }

    @Test func `Another change than the token's asks for no proof`() {
        let slower = WorkerPlan.egress("egress-shop", ["shop"], variables: ["EGRESS_MAX_IN_FLIGHT": "1"])
        let plan = Self.plan([Self.shop], to: [slower])
        #expect(Self.shape(plan.groups) == [[["0"], ["egress-shop"]]])
        #expect(plan.groups.first?.new.first?.proofs == [])
    }

    @Test func `An executable that is another on disk replaces those who run it`() {
        let path = "/usr/bin/whatsapp-egress"
        for identity in [
            ExecutableIdentity(device: 2, inode: 0, size: 1, modified: [1, 0]),
            ExecutableIdentity(device: 1, inode: 7, size: 1, modified: [1, 0]),
            ExecutableIdentity(device: 1, inode: 0, size: 2, modified: [1, 0]),
            ExecutableIdentity(device: 1, inode: 0, size: 1, modified: [1, 1]), nil,
        ] {
            var disk = Self.disk
            disk[path] = identity
            let all = [.ingress(["shop"]), Self.shop]
            let plan = Self.plan(all, to: all, disk: disk)
            #expect(Self.numbers(plan.kept) == [0])
            #expect(Self.shape(plan.groups) == [[["1"], ["egress-shop"]]])
            #expect(plan.groups.first?.new.first?.proofs == [])
        }
    }

    @Test func `A worker without a process has no executable to compare`() {
        let plan = Self.plan([Self.shop], to: [Self.shop], running: { _ in false }, disk: [:])
        #expect(Self.numbers(plan.kept) == [0])
    }

    @Test func `The ingress is replaced by the ingress alone`() {
        let plan = Self.plan([.ingress(["shop"]), Self.shop], to: [.ingress(["desk", "shop"]), Self.desk, Self.shop])
        #expect(Self.shape(plan.groups) == [[["0"], ["ingress"]]])
        #expect(Self.numbers(plan.kept) == [1])
        #expect(plan.added == [Self.desk])
    }

    @Test func `Workers that pass accounts on to each other are one group, the others are not`() {
        let before: [WorkerPlan] = [
            .egress("egress-1", ["a", "b"]), .egress("egress-2", ["c"]), .egress("egress-3", ["d", "e"]),
        ]
        let after: [WorkerPlan] = [
            .egress("egress-1", ["a"]), .egress("egress-2", ["b", "c"]), .egress("egress-3", ["d", "e"]),
        ]
        let plan = Self.plan(before, to: after)
        #expect(Self.shape(plan.groups) == [[["0", "1"], ["egress-1", "egress-2"]]])
        #expect(Self.numbers(plan.kept) == [2])
        #expect(plan.groups.flatMap(\.new).allSatisfy { $0.proofs.isEmpty })
    }

    @Test func `From a worker an account to spread ones it is by accounts, not by names`() {
        // An account can have a name that looks like a number's.
        let before: [WorkerPlan] = [.egress("egress-1", ["1"]), .egress("egress-2", ["2"]), .egress("egress-x", ["x"])]
        let after: [WorkerPlan] = [.egress("egress-1", ["2"]), .egress("egress-2", ["1", "x"])]
        let plan = Self.plan(before, to: after)
        #expect(Self.shape(plan.groups) == [[["0", "2"], ["egress-2"]], [["1"], ["egress-1"]]])
    }

    @Test func `More replicas are added, fewer are taken away, changed ones are replaced together`() {
        let two = WorkerPlan.egress("egress-shop#2", ["shop"])
        #expect(Self.plan([Self.shop], to: [Self.shop, two]).added == [two])
        #expect(Self.numbers(Self.plan([Self.shop, two], to: [Self.shop]).removed) == [1])
        let renewed = ["egress-shop", "egress-shop#2"].map { WorkerPlan.egress($0, ["shop"], tokens: ["shop": "new"]) }
        let plan = Self.plan([Self.shop, two], to: renewed)
        #expect(Self.shape(plan.groups) == [[["0", "1"], ["egress-shop", "egress-shop#2"]]])
    }

    @Test func `Of accounts that lose their process those are proven whose tokens changed`() {
        let before: [WorkerPlan] = [.egress("egress-1", ["a", "b", "c"])]
        let after: [WorkerPlan] = [.egress("egress-1", ["a", "b", "d"], tokens: ["b": "new", "d": "new"])]
        let plan = Self.plan(before, to: after)
        #expect(plan.groups.first?.new.first?.proofs.map(\.value) == ["b"])
    }

    @Test func `No account of whatever change is left to nobody`() {
        let seed = Seed.forTest()
        var random = seed.generator
        for _ in 0..<200 {
            let (before, after) = (Self.spread(using: &random), Self.spread(using: &random))
            let plan = Self.plan(before, to: after)
            let old = plan.groups.flatMap(\.old) + plan.removed + plan.kept
            #expect(Self.numbers(old).sorted() == Array(before.indices), "seed \(seed)")
            let new = plan.groups.flatMap(\.new).map(\.plan) + plan.added
            let kept = plan.kept.map { before[$0.number] }
            #expect(Set(new + kept) == Set(after) && new.count + kept.count == after.count, "seed \(seed)")
            for group in plan.groups {
                let inside = Set(group.old.flatMap { before[$0.number].accounts } + group.new.flatMap(\.plan.accounts))
                let outside = Set(before + after).filter { worker in
                    !group.old.contains { before[$0.number] == worker } && !group.new.contains { $0.plan == worker }
                }
                #expect(outside.allSatisfy { inside.isDisjoint(with: $0.accounts) }, "seed \(seed)")
            }
        }
    }

    /// Twelve accounts over some workers, each account at one.
    private static func spread(using random: inout SeededGenerator) -> [WorkerPlan] {
        let count = Int.random(in: 1...6, using: &random)
        var accounts = [[String]](repeating: [], count: count)
        for number in 0..<12 where Bool.random(using: &random) {
            accounts[Int.random(in: 0..<count, using: &random)].append("a\(number)")
        }
        return accounts.enumerated().filter { !$1.isEmpty }.map { .egress("egress-\($0 + 1)", $1) }
    }
}
