import Addressing
import Settings

/// The supervisor's settings, read at the start and on every reload.
///
/// The whole configuration is checked, what only its workers read included.
///
/// - `WA_<NAME>`, `TOKEN_<NAME>` (accounts, at least one): see `Accounts`; those of other shards need no token here.
/// - `EGRESS_WORKERS` (`per-account`, or an integer in the range 1–1024, default `per-account`).
/// - `EGRESS_REPLICAS` (integer, default 1, range 1–64).
/// - `SUPERVISOR_COMPONENTS` (`egress` or `ingress,egress`, default `egress`); with `ingress`, `APP_SECRET` is needed as
///   the ingress needs it.
/// - `SUPERVISOR_SHARD` (`i/n`, default `1/1`, n up to 1024).
/// - `SUPERVISOR_DRAIN_MS` (milliseconds, default 20000, range 1–3600000).
/// - `SUPERVISOR_WATCHDOG_MS` (milliseconds, default 10000, 0 for off or range 100–3600000).
/// - `SUPERVISOR_ADMIN` (`host:port`, `unix:/path` or `off`, default `127.0.0.1:9181`).
/// - `HOST`, `PORT`: where it listens for the ingress.
/// - And those of `LogSettings`.
struct SupervisorSettings: Sendable {
    /// Sorted by name, those of this shard each with its access token; never empty.
    let accounts: [Account]
    /// What it forks; egress is always among them.
    let components: Set<Component>
    let workers: WorkerSpread
    /// Processes for each account, or for each of the processes that accounts are spread over.
    let replicas: Int
    let shard: Shard
    let drain: Duration
    /// Nil where the watchdog is off.
    let watchdog: Duration?
    let admin: AdminAddress
    let host: String
    let port: Int
    let log: LogSettings

    /// Reads and checks the settings.
    ///
    /// - Throws: `SettingsError` naming all that is wrong with the configuration.
    static func read(from source: SettingsSource) throws(SettingsError) -> Self {
        var reader = SettingsReader(source)
        let settings = Self(from: &reader)
        settings.checkWorkers(in: &reader)
        reader.checkAllVariables()
        try reader.finish()
        return settings
    }

    private init(from reader: inout SettingsReader) {
        let shard = reader.value(Variables.supervisorShard)
        let served = Accounts.names(in: reader.source).filter { shard.takes($0) }
        self.accounts = Accounts.read(from: &reader, tokens: .requiredOf(Set(served.map(\.value))))
        self.components = reader.value(Variables.supervisorComponents)
        self.workers = reader.value(Variables.egressWorkers)
        self.replicas = reader.value(Variables.egressReplicas)
        self.shard = shard
        self.drain = reader.value(Variables.supervisorDrain)
        self.watchdog = reader.value(Variables.supervisorWatchdog)
        self.admin = reader.value(Variables.supervisorAdmin)
        self.host = reader.value(Variables.host)
        self.port = reader.value(Variables.port)
        self.log = LogSettings(from: &reader)
    }

    /// Checks what several variables of a worker say together.
    private func checkWorkers(in reader: inout SettingsReader) {
        _ = Accounts.readRates(from: &reader, of: self.accounts)
        _ = NATSSettings(from: &reader)
        _ = StreamSettings(from: &reader)
        if self.components.contains(.ingress) { _ = reader.appSecrets() }
        self.checkSizes(in: &reader)
    }
}
