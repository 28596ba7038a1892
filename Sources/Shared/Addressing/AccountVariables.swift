import Settings

/// The variables of one family, such as `WA_<NAME>`, sorted out by the accounts that they name.
struct AccountVariables {
    /// A variable and its value, which is never empty unless the family keeps empty ones.
    struct Entry {
        let variable: String
        let value: String
    }

    private(set) var entries: [AccountName: Entry] = [:]

    /// Gathers the family from the reader's source; impossible names and two variables for one name are noted.
    init(_ family: VariableFamily, from reader: inout SettingsReader, keepsEmpty: Bool) {
        for variable in reader.source.names where variable.hasPrefix(family.prefix) && !Self.isTaken(variable) {
            let value = reader.source[variable] ?? ""
            if value.isEmpty, !keepsEmpty { continue }
            guard let name = AccountName(variable.dropFirst(family.prefix.count).lowercased()) else {
                let reserved = AccountName.reserved.sorted().joined(separator: " or ")
                reader.problem(
                    variable,
                    "expected an account name behind \(family.prefix): 1 to 64 letters, digits, _ or -, and not \(reserved)"
                )
                continue
            }
            if let other = self.entries[name] {
                reader.problem(variable, "gives the account name \(name), as \(other.variable) does")
            } else {
                self.entries[name] = Entry(variable: variable, value: value)
            }
        }
    }

    /// Notes every variable that names none of these accounts.
    func checkAccounts(_ known: Set<AccountName>, in reader: inout SettingsReader) {
        for (name, entry) in self.entries.sorted(by: { $0.key < $1.key }) where !known.contains(name) {
            let account = KnownVariables.accounts.prefix + name.value.uppercased()
            reader.problem(entry.variable, "expected \(account), the account that it belongs to")
        }
    }

    /// `EGRESS_RATE_PER_SECOND` looks like a rate of an account and is none.
    private static func isTaken(_ variable: String) -> Bool { variable == Variables.egressRatePerSecond.name }
}
