import Addressing
import Settings

/// Who would serve what, as a value: this host's workers, or those of all shards if every host had this configuration.
struct ServingPlan: Hashable, Sendable {
    /// A process that would be started.
    struct Worker: Hashable, Sendable {
        let shard: Shard
        let name: String
        let serves: Service
    }

    /// What a process does for which accounts.
    enum Service: Hashable, Sendable {
        /// Takes the webhooks of every account, whatever its shard.
        case webhooks
        /// Sends for these, which are sorted.
        case sending([AccountName])
    }

    /// Those of the whole configuration, sorted.
    let accounts: [AccountName]
    /// This host's.
    let spread: AccountSpread
    let workers: [Worker]
    /// The shards of those looked at to which no account falls.
    let emptyShards: [Shard]
    /// Whether the workers are those of all shards.
    let showsAllShards: Bool

    init(_ settings: SupervisorSettings, allShards: Bool) {
        let spreads = allShards ? settings.spreads : [settings.spread]
        self.accounts = settings.accounts.map(\.name)
        self.spread = allShards ? spreads[settings.shard.index - 1] : spreads[0]
        self.workers = spreads.flatMap { spread in
            let ingress = Worker(shard: spread.shard, name: "ingress", serves: .webhooks)
            return (settings.components.contains(.ingress) ? [ingress] : [])
                + spread.places.map { Worker(shard: spread.shard, name: $0.name, serves: .sending($0.accounts)) }
        }
        self.emptyShards = spreads.filter { $0.served == 0 }.map(\.shard)
        self.showsAllShards = allShards
    }
}

extension SupervisorSettings {
    /// Which accounts this host serves, and in which processes.
    var spread: AccountSpread {
        AccountSpread(
            of: self.accounts.map(\.name), over: self.workers, replicas: self.replicas, shard: self.shard)
    }

    /// The same of every host, by shard.
    fileprivate var spreads: [AccountSpread] {
        AccountSpread.ofAllShards(
            self.shard.count, of: self.accounts.map(\.name), over: self.workers, replicas: self.replicas)
    }
}
