import Addressing
import Settings

/// The settings of `whatsapp-egress dead`, read once: which account, and how to reach NATS; no access token.
///
/// - `WA_<NAME>` (accounts, at least one): see `Accounts`.
/// - And those of `NATSSettings` and `LogSettings`.
struct DeadSettings: Sendable {
    let account: AccountName
    let nats: NATSSettings
    let log: LogSettings

    /// Reads and checks the settings.
    ///
    /// - Parameter name: the account, as the command line has it.
    /// - Throws: `SettingsError` naming all that is wrong with the configuration, other processes' variables included.
    static func read(from source: SettingsSource, account name: String) throws(SettingsError) -> Self {
        var reader = SettingsReader(source)
        _ = Accounts.read(from: &reader, tokens: .ignored)
        let account = Accounts.names(in: source).first { $0.value == name }
        if account == nil {
            reader.problem("<name>", "expected the name of an account, found \"\(printable(name, limit: 64))\"")
        }
        let nats = NATSSettings(from: &reader)
        let log = LogSettings(from: &reader)
        reader.checkAllVariables()
        try reader.finish()
        guard let account else { preconditionFailure("an account that is not known is a problem") }
        return DeadSettings(account: account, nats: nats, log: log)
    }
}
