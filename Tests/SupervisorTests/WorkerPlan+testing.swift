import Addressing
import Settings

@testable import Supervisor

extension WorkerPlan {
    /// A plan of which the name is all that matters.
    static func named(_ name: String) -> WorkerPlan { .egress(name, []) }

    /// An egress worker for accounts of these names; a token where one is given.
    static func egress(
        _ name: String, _ accounts: [String], tokens: [String: String] = [:], variables: [String: String] = [:],
        executable: String = "/usr/bin/whatsapp-egress"
    ) -> WorkerPlan {
        let known = Self.accounts(accounts) { Secret(tokens[$0] ?? "token-of-\($0)") }
        return WorkerPlan(
            component: .egress, name: name, accounts: known.map(\.name), executable: executable,
            arguments: ["run"] + accounts.flatMap { ["--account", $0] },
            environment: .egress(from: SettingsSource(variables: variables), accounts: known))
    }

    /// The ingress for accounts of these names.
    static func ingress(_ accounts: [String], variables: [String: String] = [:]) -> WorkerPlan {
        let known = Self.accounts(accounts) { _ in nil }
        return WorkerPlan(
            component: .ingress, name: "ingress", accounts: [], executable: "/usr/bin/whatsapp-ingress", arguments: [],
            environment: .ingress(from: SettingsSource(variables: variables), accounts: known))
    }

    private static func accounts(_ names: [String], token: (String) -> Secret?) -> [Account] {
        names.enumerated().compactMap { index, name in
            guard let account = AccountName(name), let number = PhoneNumberID("\(index + 1)") else { return nil }
            return Account(name: account, phoneNumberID: number, accessToken: token(name))
        }
    }
}
