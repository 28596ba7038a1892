import Addressing
import GraphSimulator
import Settings

/// What the simulator takes from the gateway's settings.
///
/// - `WA_<NAME>`, `TOKEN_<NAME>`: the accounts; one without an access token is not served.
/// - `APP_SECRET`: signs webhooks; of several the first; none: no webhooks are posted.
/// - `PORT`: where the ingress listens on this machine.
struct SimulatorSettings {
    let accounts: [SimulatedAccount]
    let appSecret: Secret?
    let ingressPort: Int

    /// - Throws: `SettingsError` naming all that is wrong with these variables.
    static func load(envFiles: [String]?) throws(SettingsError) -> SimulatorSettings {
        var reader = SettingsReader(SettingsSource.load(envFiles: envFiles))
        let accounts = Accounts.read(from: &reader, tokens: .requiredOf([]))
        let settings = SimulatorSettings(
            accounts: accounts.compactMap { account in
                account.accessToken.map {
                    SimulatedAccount(
                        phoneNumberID: account.phoneNumberID.value, accessToken: $0.revealed, name: account.name.value)
                }
            },
            appSecret: reader.value(Variables.appSecret)?.first,
            ingressPort: reader.value(Variables.port))
        try reader.finish()
        return settings
    }
}
