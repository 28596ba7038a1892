import GraphSimulator
import NATSClient
import TestSupport

/// Requests and jobs of both accounts, without a pause, and what became of each.
struct BotTraffic: Sendable {
    private static let accounts = [GatewayAccount.myAccount, .support]

    let gateway: Gateway

    /// Sends until the closure is done, then waits until every job is, and checks that nothing failed and that nothing
    /// was sent twice.
    ///
    /// - Returns: how many messages were sent.
    func run(during body: (BotTraffic) async throws -> Void) async throws -> (requests: Int, jobs: Int) {
        let isStopped = Watched(false)
        let (mine, support) = (self.load(of: .myAccount), self.load(of: .support))
        async let jobs = Self.storeJobs(in: self.gateway, until: isStopped)
        var supported = RequestLoad.Outcomes()
        let requests: RequestLoad.Outcomes
        do {
            requests = try await mine.run { mine in
                supported = try await support.run { support in
                    try await body(self)
                    support.stop()
                }
                mine.stop()
            }
        } catch {
            isStopped.update { $0 = true }
            throw error
        }
        isStopped.update { $0 = true }
        let stored = try await jobs
        try await JobQueue(self.gateway).emptied()

        guard requests.failures.isEmpty, supported.failures.isEmpty else {
            throw Failed(what: "\(requests.failures) \(supported.failures)")
        }
        let sent = self.gateway.graph.accepted.map { "\($0.account.name) \($0.text ?? "")" }
        let wanted =
            requests.sent.map { "my_account \($0)" } + supported.sent.map { "support \($0)" } + stored
        guard Set(sent).count == sent.count else { throw Failed(what: "\(sent.count - Set(sent).count) sent twice") }
        let missing = Set(wanted).subtracting(sent)
        guard missing.isEmpty else { throw Failed(what: "not sent: \(missing.sorted().prefix(20))") }
        return (requests.sent.count + supported.sent.count, stored.count)
    }

    /// Waits until so many more messages have been sent.
    func waitForMore(_ count: Int) async throws {
        try await self.gateway.graph.waitForAccepted(self.gateway.graph.stats.accepted + count, within: .seconds(30))
    }

    private func load(of account: GatewayAccount) -> RequestLoad {
        RequestLoad(Bot(self.gateway, as: account), requesters: 4)
    }

    /// Stores a job for each account in turn, and returns their texts with the accounts' names.
    private static func storeJobs(in gateway: Gateway, until isStopped: Watched<Bool>) async throws -> [String] {
        var stored: [String] = []
        while !isStopped.current {
            for account in Self.accounts {
                let text = "job-\(stored.count)"
                try await JobQueue(gateway, of: account).add(text: text, to: "4477020\(10_000 + stored.count % 50)")
                stored.append("\(account.name) \(text)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return stored
    }

    /// Something was lost, refused or sent twice.
    struct Failed: Error, CustomStringConvertible {
        let what: String
        var description: String { self.what }
    }
}
