import Addressing
import Prometheus
import Synchronization

/// Jobs of accounts that nobody serves, as they were counted last.
final class OrphanCount: Sendable {
    /// So many accounts are told by name: whoever may store jobs may think of any number of names.
    private static let limit = 100

    private let counts = Mutex<[String: Int]>([:])

    /// - Parameter orphans: by the account's name, or by the subject where that names none.
    func found(_ orphans: [String: Int]) {
        let byName = orphans.reduce(into: [String: Int]()) { counts, orphan in
            counts[AccountName(orphan.key)?.value ?? "", default: 0] += orphan.value
        }
        // Where there are too many, those with most jobs are told.
        let told = byName.filter { $0.key != "" }.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(Self.limit)
        var counts = Dictionary(uniqueKeysWithValues: told.map { ($0.key, $0.value) })
        let rest = byName.values.reduce(0, +) - counts.values.reduce(0, +)
        if rest > 0 { counts[""] = rest }
        self.counts.withLock { $0 = counts }
    }

    /// - Parameter served: accounts that are told although there is nothing to tell.
    func read(into values: inout ScrapedValues, served: [AccountName]) {
        for account in served { values.set(MetricFamilies.egressOrphanJobs, to: 0, labels: [account.value]) }
        for (account, count) in self.counts.withLock({ $0 }) {
            values.set(MetricFamilies.egressOrphanJobs, to: Double(count), labels: [account])
        }
    }
}
