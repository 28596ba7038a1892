import Addressing
import Settings

/// Which accounts a host serves, and in which egress processes, as a value: accounts fall to shards first, and then to
/// processes.
///
/// An account that comes or goes moves no other; one process or shard more takes accounts from the others and moves
/// none between them.
struct AccountSpread: Hashable, Sendable {
    /// An egress process.
    struct Place: Hashable, Sendable {
        /// `egress-<account>`, or `egress-<index>` where accounts are spread over so many processes; the second of
        /// several replicas ends with `#2`.
        let name: String
        /// Sorted; never empty.
        let accounts: [AccountName]
    }

    let shard: Shard
    /// In the order of their start; what no account falls to is not among them.
    let places: [Place]
    /// How many of the processes have no account and are not started.
    let emptyPlaces: Int
    /// How many accounts fall to this shard.
    let served: Int
    /// How many accounts fall to other shards.
    let elsewhere: Int

    /// The spread on one host.
    ///
    /// - Parameters:
    ///   - accounts: those of the whole configuration, sorted.
    ///   - replicas: processes for each account, or for each of the processes that accounts are spread over.
    init(of accounts: [AccountName], over workers: WorkerSpread, replicas: Int, shard: Shard) {
        let served = accounts.filter { shard.takes($0) }
        self.init(of: served, among: accounts.count, over: workers, replicas: replicas, shard: shard)
    }

    /// The spreads on all hosts, by shard.
    static func ofAllShards(
        _ count: Int, of accounts: [AccountName], over workers: WorkerSpread, replicas: Int
    ) -> [AccountSpread] {
        let served = Dictionary(grouping: accounts) { RendezvousHash.index(of: $0, among: count) }
        return (1...count).map { index in
            AccountSpread(
                of: served[index] ?? [], among: accounts.count, over: workers, replicas: replicas,
                shard: Shard(index: index, count: count))
        }
    }

    private init(of served: [AccountName], among count: Int, over workers: WorkerSpread, replicas: Int, shard: Shard) {
        let groups = Self.groups(of: served, over: workers)
        self.shard = shard
        self.places = groups.flatMap { group in
            (1...replicas).compactMap { replica in
                group.accounts.isEmpty
                    ? nil
                    : Place(
                        name: replica == 1 ? "egress-\(group.key)" : "egress-\(group.key)#\(replica)",
                        accounts: group.accounts)
            }
        }
        self.emptyPlaces = replicas * groups.count { $0.accounts.isEmpty }
        self.served = served.count
        self.elsewhere = count - served.count
    }

    private static func groups(
        of accounts: [AccountName], over workers: WorkerSpread
    ) -> [(key: String, accounts: [AccountName])] {
        switch workers {
        case .perAccount: return accounts.map { ($0.value, [$0]) }
        case .processes(let count):
            let groups = Dictionary(grouping: accounts) { RendezvousHash.index(of: $0, among: count) }
            return (1...count).map { ("\($0)", groups[$0] ?? []) }
        }
    }
}
