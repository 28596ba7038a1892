import Addressing
import Settings

/// The ingress' settings, read at the start and on each reload.
///
/// - `WA_<NAME>` (account, at least one): see `Accounts`; access tokens are not kept.
/// - `WEBHOOK_VERIFY_TOKEN` (secret, no default): none refuses every verification.
/// - `APP_SECRET` (secrets, comma-separated): needed, unless `INGRESS_ALLOW_UNSIGNED` (boolean, default `false`) is
///   `true`.
/// - `HOST` (host name or IP address, default `0.0.0.0`), `PORT` (integer, default 8080, range 1–65535).
/// - `INGRESS_DELIVERY` (`jetstream` or `core`, default `jetstream`).
/// - `INGRESS_MAX_BODY_BYTES` (bytes, default 4194304, range 1–67108864).
/// - `INGRESS_ACK_TIMEOUT_MS` (milliseconds, default 4000, range 10–60000).
/// - `INGRESS_MAX_IN_FLIGHT` (integer, default 1024, range 1–65536).
/// - `INGRESS_ADMIN` (`host:port`, `unix:/path` or `off`, default `127.0.0.1:9180`).
/// - `SUPERVISOR_DRAIN_MS` (milliseconds, default 20000, range 1–3600000): the longest drain.
/// - And those of `NATSSettings`, `StreamSettings` and `LogSettings`.
struct IngressSettings: Sendable {
    /// Sorted by name, without access tokens; never empty.
    let accounts: [Account]
    let verifyToken: Secret?
    /// All that a signature may be made with; empty only where unsigned webhooks are allowed.
    let appSecrets: [Secret]
    let host: String
    let port: Int
    let delivery: IngressDelivery
    let maxBodyBytes: Int
    let ackTimeout: Duration
    let maxInFlight: Int
    let admin: AdminAddress
    let drain: Duration
    let nats: NATSSettings
    let streams: StreamSettings
    let log: LogSettings

    /// Whether webhooks are taken without a signature, from anyone.
    var acceptsUnsigned: Bool { self.appSecrets.isEmpty }

    /// Reads and checks the settings.
    ///
    /// - Throws: `SettingsError` naming all that is wrong with the configuration, other processes' variables included.
    static func read(from source: SettingsSource) throws(SettingsError) -> Self {
        var reader = SettingsReader(source)
        let settings = Self(from: &reader)
        reader.checkAllVariables()
        try reader.finish()
        return settings
    }

    private init(from reader: inout SettingsReader) {
        self.accounts = Accounts.read(from: &reader, tokens: .ignored)
        _ = Accounts.readRates(from: &reader, of: self.accounts)
        self.verifyToken = reader.value(Variables.webhookVerifyToken)
        self.appSecrets = reader.appSecrets()
        self.host = reader.value(Variables.host)
        self.port = reader.value(Variables.port)
        self.delivery = reader.value(Variables.ingressDelivery)
        self.maxBodyBytes = reader.value(Variables.ingressMaxBodyBytes)
        self.ackTimeout = reader.value(Variables.ingressAckTimeout)
        self.maxInFlight = reader.value(Variables.ingressMaxInFlight)
        self.admin = reader.value(Variables.ingressAdmin)
        self.drain = reader.value(Variables.supervisorDrain)
        self.nats = NATSSettings(from: &reader)
        self.streams = StreamSettings(from: &reader)
        self.log = LogSettings(from: &reader)
    }
}
