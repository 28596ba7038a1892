import Addressing
import Settings
import Testing

@testable import Supervisor

@Suite struct AccountSpreadTests {
    /// As many accounts as a gateway may ever have, named as people name them.
    private static let many = (0..<10_000).compactMap { AccountName("account_\($0)") }.sorted()

    private static let fewer = Array(many.prefix(1000))

    private static func accounts(_ names: String...) -> [AccountName] { names.compactMap(AccountName.init).sorted() }

    private static func spread(
        _ accounts: [AccountName], over workers: WorkerSpread = .perAccount, replicas: Int = 1,
        shard: Shard = Shard(index: 1, count: 1)
    ) -> AccountSpread {
        AccountSpread(of: accounts, over: workers, replicas: replicas, shard: shard)
    }

    /// The shard or process of each account.
    private static func indices(_ accounts: [AccountName], among count: Int) -> [AccountName: Int] {
        Dictionary(uniqueKeysWithValues: accounts.map { ($0, RendezvousHash.index(of: $0, among: count)) })
    }

    // MARK: By which hash

    /// The highest of `printf '%s\0%s' <name> <index> | sha256sum | cut -c1-16`, for indices from 1 on.
    @Test(
        arguments: [
            ("acme", [1, 2, 2, 2]), ("shop", [1, 2, 2, 2]), ("sales", [1, 2, 2, 2]), ("support", [1, 2, 3, 3]),
            ("my_account", [1, 1, 1, 1]), ("billing", [1, 1, 1, 5]), ("desk-7", [1, 1, 3, 3]), ("x", [1, 1, 1, 1]),
        ])
    func `An account falls to the index that anybody can compute`(name: String, indices: [Int]) throws {
        let account = try #require(AccountName(name))
        #expect([1, 2, 3, 8].map { RendezvousHash.index(of: account, among: $0) } == indices)
    }

    @Test(arguments: [2, 3, 8, 20])
    func `Ten thousand accounts spread evenly`(count: Int) {
        let indices = Self.indices(Self.many, among: count)
        let share = Double(Self.many.count) / Double(count)
        for index in 1...count {
            let taken = Double(indices.values.count { $0 == index })
            // Five standard deviations of a fair draw.
            #expect(abs(taken - share) < 5 * share.squareRoot(), "\(index) of \(count): \(taken)")
        }
    }

    @Test(arguments: [1, 2, 7, 8])
    func `One more takes accounts from the others, its own share of them, and moves none between them`(count: Int) {
        let (before, after) = (Self.indices(Self.many, among: count), Self.indices(Self.many, among: count + 1))
        let moved = Self.many.filter { before[$0] != after[$0] }
        #expect(moved.allSatisfy { after[$0] == count + 1 })
        let share = Double(Self.many.count) / Double(count + 1)
        #expect(abs(Double(moved.count) - share) < 5 * share.squareRoot())
    }

    // MARK: Places

    @Test func `Each account has a process of its own, named after it`() {
        let spread = Self.spread(Self.accounts("shop", "acme", "1"))
        #expect(spread.places.map(\.name) == ["egress-1", "egress-acme", "egress-shop"])
        #expect(spread.places.map(\.accounts) == [Self.accounts("1"), Self.accounts("acme"), Self.accounts("shop")])
        #expect(spread.served == 3 && spread.elsewhere == 0 && spread.emptyPlaces == 0)
    }

    @Test func `Processes among which accounts are spread are named after their index, and empty ones are none`() {
        let spread = Self.spread(Self.accounts("shop", "acme", "support", "x", "billing"), over: .processes(8))
        #expect(spread.places.map(\.name) == ["egress-1", "egress-2", "egress-3", "egress-5"])
        #expect(
            spread.places.map(\.accounts) == [
                Self.accounts("x"), Self.accounts("acme", "shop"), Self.accounts("support"), Self.accounts("billing"),
            ])
        #expect(spread.emptyPlaces == 4)
    }

    @Test(arguments: [WorkerSpread.perAccount, .processes(2)])
    func `Every replica serves the same accounts under a name of its own`(workers: WorkerSpread) {
        let single = Self.spread(Self.accounts("acme", "x"), over: workers)
        let spread = Self.spread(Self.accounts("acme", "x"), over: workers, replicas: 3)
        #expect(spread.places.map(\.name) == single.places.flatMap { [$0.name, "\($0.name)#2", "\($0.name)#3"] })
        #expect(spread.places.map(\.accounts) == single.places.flatMap { Array(repeating: $0.accounts, count: 3) })
        #expect(spread.served == 2)
    }

    // MARK: Shards

    @Test(arguments: [WorkerSpread.perAccount, .processes(16)], [1, 2, 5])
    func `All shards together serve every account once`(workers: WorkerSpread, count: Int) {
        let spreads = AccountSpread.ofAllShards(count, of: Self.fewer, over: workers, replicas: 1)
        let shards = (1...count).map { Shard(index: $0, count: count) }
        #expect(spreads == shards.map { Self.spread(Self.fewer, over: workers, shard: $0) })
        #expect(spreads.flatMap(\.places).flatMap(\.accounts).sorted() == Self.fewer)
        for spread in spreads {
            #expect(spread.served + spread.elsewhere == Self.fewer.count)
            #expect(spread.served == spread.places.reduce(0) { $0 + $1.accounts.count })
            #expect(Set(spread.places.map(\.name)).count == spread.places.count)
        }
    }

    @Test(arguments: [WorkerSpread.perAccount, .processes(8)])
    func `An account that comes moves no other`(workers: WorkerSpread) throws {
        let newcomer = try #require(AccountName("newcomer"))
        for shard in (1...3).map({ Shard(index: $0, count: 3) }) {
            let before = Self.spread(Self.fewer, over: workers, shard: shard)
            let after = Self.spread((Self.fewer + [newcomer]).sorted(), over: workers, shard: shard)
            let others = after.places.map { place in (place.name, place.accounts.filter { $0 != newcomer }) }
            let known = Dictionary(uniqueKeysWithValues: others).filter { !$0.value.isEmpty }
            #expect(known == Dictionary(uniqueKeysWithValues: before.places.map { ($0.name, $0.accounts) }))
            #expect(after.served - before.served == (shard.takes(newcomer) ? 1 : 0))
        }
    }

    @Test func `A shard to which no account falls has no process`() {
        let spread = Self.spread(Self.accounts("acme", "shop"), over: .processes(4), shard: Shard(index: 1, count: 2))
        #expect(spread.places.isEmpty && spread.served == 0 && spread.elsewhere == 2 && spread.emptyPlaces == 4)
        #expect(Self.spread(Self.accounts("acme"), shard: Shard(index: 1, count: 2)).places.isEmpty)
    }
}
