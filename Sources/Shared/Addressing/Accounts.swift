package import Settings

/// What a process does with the accounts' access tokens.
package enum TokenPolicy: Hashable, Sendable {
    /// Every account needs one; one that has none is a problem.
    case required
    /// The accounts of these names need one; of the others one is read where it is there.
    case requiredOf(Set<String>)
    /// None is kept.
    case ignored

    fileprivate func requiresToken(of account: AccountName) -> Bool {
        switch self {
        case .required: true
        case .requiredOf(let names): names.contains(account.value)
        case .ignored: false
        }
    }
}

/// Reading the accounts of a configuration.
///
/// - `WA_<NAME>` (`<phone number ID>:<access token>`, or `<phone number ID>`, at least one).
/// - `TOKEN_<NAME>` (access token, where `WA_<NAME>` has none).
/// - `EGRESS_RATE_<NAME>` (sends a second, default `EGRESS_RATE_PER_SECOND`).
package enum Accounts {
    /// Reads all accounts, sorted by name; all that is wrong with them is noted in the reader.
    package static func read(from reader: inout SettingsReader, tokens policy: TokenPolicy) -> [Account] {
        let entries = AccountVariables(KnownVariables.accounts, from: &reader, keepsEmpty: true).entries
        let tokens = AccountVariables(KnownVariables.tokens, from: &reader, keepsEmpty: false)
        tokens.checkAccounts(Set(entries.keys), in: &reader)
        if entries.isEmpty {
            reader.problem("WA_<NAME>", "expected at least one account, such as WA_SHOP with \(Self.expected("SHOP"))")
        }
        var owners: [PhoneNumberID: String] = [:]
        var accounts: [Account] = []
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            let apart = tokens.entries[name]
            guard let (phoneNumberID, own) = Self.parts(of: entry.value) else {
                reader.problem(entry.variable, "expected \(Self.expected(Self.suffix(of: entry)))")
                continue
            }
            if let owner = owners[phoneNumberID] {
                reader.problem(entry.variable, "has the phone number ID \(phoneNumberID), as \(owner) has")
            } else {
                owners[phoneNumberID] = entry.variable
            }
            let isRequired = policy.requiresToken(of: name)
            let token = Self.token(own: own, apart: apart, of: entry, isRequired: isRequired, in: &reader)
            let kept = policy == .ignored ? nil : token
            accounts.append(Account(name: name, phoneNumberID: phoneNumberID, accessToken: kept))
        }
        return accounts
    }

    /// The names that a source has accounts for, those included whose variables are malformed.
    package static func names(in source: SettingsSource) -> Set<AccountName> {
        let prefix = KnownVariables.accounts.prefix
        let names = source.names.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count).lowercased() }
        return Set(names.compactMap(AccountName.init))
    }

    /// Reads the accounts' rates; an account without one of its own has `EGRESS_RATE_PER_SECOND`.
    package static func readRates(from reader: inout SettingsReader, of accounts: [Account]) -> [AccountName: Int] {
        let rates = AccountVariables(KnownVariables.rates, from: &reader, keepsEmpty: false)
        rates.checkAccounts(Self.names(in: reader.source), in: &reader)
        let fallback = reader.value(Variables.egressRatePerSecond)
        var values = [AccountName: Int](uniqueKeysWithValues: accounts.map { ($0.name, fallback) })
        for (name, entry) in rates.entries.sorted(by: { $0.key < $1.key }) {
            guard let rate = reader.value(entry.value, of: entry.variable, as: Variables.egressRatePerSecond.form)
            else {
                continue
            }
            if values[name] != nil { values[name] = rate }
        }
        return values
    }

    private static let tokenForm = ValueForm<Secret>.word("an access token")

    private static func expected(_ suffix: some StringProtocol) -> String {
        "<phone number ID>:<access token>, or <phone number ID> with the token in TOKEN_\(suffix)"
    }

    private static func suffix(of entry: AccountVariables.Entry) -> Substring {
        entry.variable.dropFirst(KnownVariables.accounts.prefix.count)
    }

    private static func parts(of value: String) -> (phoneNumberID: PhoneNumberID, token: Substring?)? {
        let parts = value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let id = parts.first.flatMap({ PhoneNumberID(String($0)) }) else { return nil }
        guard parts.count == 2 else { return (id, nil) }
        return parts[1].isEmpty ? nil : (id, parts[1])
    }

    private static func token(
        own: Substring?, apart: AccountVariables.Entry?, of entry: AccountVariables.Entry, isRequired: Bool,
        in reader: inout SettingsReader
    ) -> Secret? {
        if own != nil, let apart {
            reader.problem(apart.variable, "expected none, since \(entry.variable) holds an access token already")
            return nil
        }
        if let own { return reader.value(String(own), of: entry.variable, as: Self.tokenForm) }
        if let apart { return reader.value(apart.value, of: apart.variable, as: Self.tokenForm) }
        if isRequired {
            let variable = KnownVariables.tokens.prefix + Self.suffix(of: entry)
            reader.problem(variable, "expected an access token, since \(entry.variable) holds none")
        }
        return nil
    }
}
