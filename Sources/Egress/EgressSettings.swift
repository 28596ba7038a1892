import Addressing
import Settings

/// The egress' settings, read once.
///
/// - `WA_<NAME>`, `TOKEN_<NAME>` (accounts, at least one): see `Accounts`.
/// - `API_VERSION` (string, default `v21.0`): version segment of every URL.
/// - `GRAPH_URL` (URL, default `https://graph.facebook.com`).
/// - `EGRESS_MAX_IN_FLIGHT` (integer, default 256, range 1–65536).
/// - `EGRESS_MAX_WAITING` (integer, default 1024, range 1–1000000).
/// - `EGRESS_MAX_HELD` (integer, default 20000, range 1–1000000).
/// - `EGRESS_RATE_PER_SECOND`, `EGRESS_RATE_<NAME>` (integer, default 80, range 1–1000000).
/// - `EGRESS_GRAPH_TIMEOUT_MS` (milliseconds, default 15000, range 100–120000).
/// - `EGRESS_MAX_ATTEMPTS` (integer, default 8, range 1–1000).
/// - `EGRESS_ADMIN` (`host:port`, `unix:/path` or `off`, default `127.0.0.1:9182`).
/// - `SUPERVISOR_DRAIN_MS` (milliseconds, default 20000, range 1–3600000): the longest drain.
/// - And those of `NATSSettings`, `StreamSettings` and `LogSettings`.
struct EgressSettings: Sendable {
    /// Sorted by name; never empty.
    let accounts: [ServedAccount]
    /// Those whose access token Graph must take before anything is served.
    let accountsToProve: [ServedAccount]
    let apiVersion: String
    /// Without a slash at its end.
    let graphURL: String
    /// Graph calls at once, for each account.
    let maxInFlight: Int
    /// Requests waiting for their turn, for each account.
    let maxWaiting: Int
    /// Queued jobs pulled ahead, for each account.
    let maxHeld: Int
    /// From the first byte sent to the last received.
    let graphTimeout: Duration
    let maxAttempts: Int
    let admin: AdminAddress
    let drain: Duration
    let nats: NATSSettings
    let streams: StreamSettings
    let log: LogSettings

    /// Reads and checks the settings.
    ///
    /// - Parameters:
    ///   - names: the accounts to serve, as `--account` names them; empty for all. The others need no token.
    ///   - unproven: those of them that `--prove-token` names.
    /// - Throws: `SettingsError` naming all that is wrong with the configuration, other processes' variables included.
    static func read(
        from source: SettingsSource, accounts names: [String] = [], proving unproven: [String] = []
    ) throws(SettingsError) -> Self {
        var reader = SettingsReader(source)
        let settings = Self(from: &reader, serving: names, proving: unproven)
        reader.checkAllVariables()
        try reader.finish()
        return settings
    }

    private init(from reader: inout SettingsReader, serving names: [String], proving unproven: [String]) {
        self.accounts = Self.accounts(from: &reader, serving: names)
        self.accountsToProve = self.accounts.filter { unproven.contains($0.name.value) }
        for name in Set(unproven).sorted() where !self.accounts.contains(where: { $0.name.value == name }) {
            reader.problem(
                "--prove-token", "expected the name of an account served, found \"\(printable(name, limit: 64))\"")
        }
        self.apiVersion = reader.value(Variables.apiVersion)
        self.graphURL = reader.value(Variables.graphURL)
        self.maxInFlight = reader.value(Variables.egressMaxInFlight)
        self.maxWaiting = reader.value(Variables.egressMaxWaiting)
        self.maxHeld = reader.value(Variables.egressMaxHeld)
        self.graphTimeout = reader.value(Variables.egressGraphTimeout)
        self.maxAttempts = reader.value(Variables.egressMaxAttempts)
        self.admin = reader.value(Variables.egressAdmin)
        self.drain = reader.value(Variables.supervisorDrain)
        self.nats = NATSSettings(from: &reader)
        self.streams = StreamSettings(from: &reader)
        self.log = LogSettings(from: &reader)
    }

    private static func accounts(from reader: inout SettingsReader, serving names: [String]) -> [ServedAccount] {
        let served = Set(names)
        let policy: TokenPolicy = served.isEmpty ? .required : .requiredOf(served)
        let accounts = Accounts.read(from: &reader, tokens: policy)
        let known = Set(Accounts.names(in: reader.source).map(\.value))
        for name in served.sorted() where !known.contains(name) {
            reader.problem("--account", "expected the name of an account, found \"\(printable(name, limit: 64))\"")
        }
        let rates = Accounts.readRates(from: &reader, of: accounts)
        return accounts.compactMap { account in
            guard served.isEmpty || served.contains(account.name.value) else { return nil }
            guard let token = account.accessToken, let rate = rates[account.name] else { return nil }
            return ServedAccount(
                name: account.name, phoneNumberID: account.phoneNumberID, accessToken: token, ratePerSecond: rate)
        }
    }
}
