import Addressing
import Daemon
import Settings

/// Whether Graph takes the access tokens of accounts, asked once before anything is served with them.
struct TokenProof: Sendable {
    /// Graph has refused an account's token.
    struct Refusal: Hashable, Sendable {
        let account: AccountName
        /// Graph's error, without the token.
        let failure: Failure

        /// Names the account, and what is to be done.
        var message: String {
            let name = self.account.value
            return "Graph does not take the access token of account \(name); "
                + "set one that works, in TOKEN_\(name.uppercased()) or in WA_\(name.uppercased())"
        }
    }

    /// What has not been answered by then proves nothing.
    static let limit = Duration.seconds(5)

    let accounts: [ServedAccount]

    /// Asks for all accounts at once and gathers what Graph refuses; every other outcome proves nothing wrong.
    ///
    /// - Returns: sorted by account.
    func refusals(
        over transport: any GraphTransport, limit: Duration = Self.limit
    ) async -> [Refusal] {
        let writeBy = ContinuousClock.now + limit
        return await withTaskGroup(of: Refusal?.self) { group in
            for account in self.accounts {
                group.addTask { await Self.refusal(of: account, over: transport, writeBy: writeBy) }
            }
            return await group.reduce(into: []) { all, refusal in
                if let refusal { all.append(refusal) }
            }.sorted { $0.account < $1.account }
        }
    }

    /// The same over a transport of its own, which ends with the limit, or when this process is told to stop.
    ///
    /// - Throws: `CurlError` where there can be no transport.
    func refusals(at endpoint: GraphEndpoint, until termination: Termination) async throws(CurlError) -> [Refusal] {
        guard !self.accounts.isEmpty else { return [] }
        let transport = try CurlTransport(
            endpoint: endpoint, version: Version.text, maxInFlight: self.accounts.count, timeout: Self.limit)
        return await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await Task.sleep(for: Self.limit)
                await transport.shutdown()
            }
            group.addTask {
                await termination.requested()
                await transport.shutdown()
            }
            defer { group.cancelAll() }
            return await self.refusals(over: transport)
        }
    }

    private static func refusal(
        of account: ServedAccount, over transport: any GraphTransport, writeBy: ContinuousClock.Instant
    ) async -> Refusal? {
        let outcome = await transport.perform(account.tokenQuestion, token: account.accessToken, writeBy: writeBy)
        let result = CallResult(outcome, of: .raw, token: account.accessToken)
        let traits = GraphVerdict.CallTraits(countsForRate: false, isRepeatable: true)
        guard case .pauseAccount = GraphVerdict(outcome, error: result.errorFacts, of: traits),
            let failure = result.failure
        else { return nil }
        return Refusal(account: account.name, failure: failure)
    }
}
