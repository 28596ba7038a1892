import Addressing
import JSONBytes
import Settings

extension ServingPlan {
    /// A table for a reader, a worker a line, and below it what is not in it.
    var lines: [String] {
        let titles = (self.showsAllShards ? ["SHARD"] : []) + ["WORKER", "ACCOUNTS"]
        let rows = self.workers.map { worker in
            (self.showsAllShards ? ["\(worker.shard)"] : []) + [worker.name, self.text(of: worker.serves)]
        }
        return TextTable([titles] + rows).lines + [""] + self.remarks
    }

    /// The same as one line of JSON.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { plan in
            plan.member("shard", string: "\(self.spread.shard)")
            plan.member("accounts", int: self.accounts.count)
            plan.member("served", int: self.spread.served)
            plan.member("elsewhere", int: self.spread.elsewhere)
            plan.member(
                "workers",
                array: { workers in
                    for worker in self.workers {
                        workers.element { $0.write(worker, accounts: self.accounts(of: worker.serves)) }
                    }
                })
        }
        return writer.bytes
    }

    private var remarks: [String] {
        let served =
            self.spread.elsewhere == 0
            ? "Shard \(self.spread.shard) serves all \(Self.accounts(self.spread.served))."
            : "Shard \(self.spread.shard) serves \(self.spread.served) of \(Self.accounts(self.accounts.count)); "
                + "\(self.spread.elsewhere) fall to other shards."
        let empty = self.spread.emptyPlaces
        let idle =
            empty == 0 || self.showsAllShards ? [] : ["\(Self.processes(empty)) without accounts would not be started."]
        let shards = self.emptyShards.map(\.description).joined(separator: ", ")
        return [served] + idle + (shards.isEmpty ? [] : ["No account falls to shard \(shards)."])
    }

    private func accounts(of service: Service) -> [AccountName] {
        switch service {
        case .webhooks: self.accounts
        case .sending(let accounts): accounts
        }
    }

    private func text(of service: Service) -> String {
        switch service {
        case .webhooks: "all \(self.accounts.count)"
        case .sending(let accounts): accounts.map(\.value).joined(separator: ", ")
        }
    }

    private static func accounts(_ count: Int) -> String { count == 1 ? "1 account" : "\(count) accounts" }

    private static func processes(_ count: Int) -> String { count == 1 ? "1 process" : "\(count) processes" }
}

extension JSONObjectWriter {
    fileprivate mutating func write(_ worker: ServingPlan.Worker, accounts: [AccountName]) {
        self.member("shard", string: "\(worker.shard)")
        self.member("worker", string: worker.name)
        self.member(
            "accounts",
            array: { array in
                for account in accounts { array.element(string: account.value) }
            })
    }
}
