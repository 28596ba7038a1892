/// How accounts are spread over egress processes.
package enum WorkerSpread: Hashable, Sendable {
    /// A process for each account.
    case perAccount
    /// So many processes, among which a rendezvous hash spreads the accounts.
    case processes(Int)
}

/// A kind of process that the supervisor forks.
package enum Component: String, Hashable, Sendable, CaseIterable {
    case ingress
    case egress
}

/// The part of all accounts that one host serves: shard `index` of `count`, counted from 1.
package struct Shard: Hashable, Sendable, CustomStringConvertible {
    package let index: Int
    package let count: Int

    package init(index: Int, count: Int) {
        self.index = index
        self.count = count
    }

    package var description: String { "\(self.index)/\(self.count)" }
}

extension ValueForm<WorkerSpread> {
    static func workerSpread(in range: ClosedRange<Int>) -> Self {
        let number = ValueForm<Int>.integer(in: range)
        return Self(expected: "per-account, or \(number.expected)") { text in
            text == "per-account" ? .perAccount : number.parse(text).map(WorkerSpread.processes)
        }
    }
}

extension ValueForm<Set<Component>> {
    static var components: Self {
        Self(expected: "egress, or ingress,egress") { text in
            let components = commaSeparated(text).map { Component(rawValue: String($0)) }
            let set = Set(components.compactMap(\.self))
            return components.contains(nil) || set.count < components.count || !set.contains(.egress) ? nil : set
        }
    }
}

extension ValueForm<Shard> {
    static func shard(of largest: Int) -> Self {
        Self(expected: "i/n, whole numbers with i from 1 to n and n up to \(largest)") { text in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { decimal($0) }
            guard parts.count == 2, let index = parts[0], let count = parts[1] else { return nil }
            return (1...largest).contains(count) && (1...count).contains(index)
                ? Shard(index: index, count: count) : nil
        }
    }
}
