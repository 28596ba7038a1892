import Addressing
import Settings

/// The complete environment of one worker, made from an allow-list.
///
/// A worker reads nothing beside it: no `.env`, no env file, no credentials directory. What is not named here it does
/// not get, so that a secret of one process reaches no other.
struct WorkerEnvironment: Hashable, Sendable {
    /// By name; equal environments mean that a worker need not be replaced.
    let variables: [String: String]

    /// The environment of the ingress: the accounts' phone number IDs and no access token.
    ///
    /// - Parameter additions: what the supervisor gives to this very worker, such as `WATCHDOG_USEC`; it goes before
    ///   all else.
    static func ingress(
        from source: SettingsSource, accounts: [Account], additions: [String: String] = [:]
    ) -> WorkerEnvironment {
        var variables = Self.allowed(in: source, named: Self.ingressNames)
        for account in accounts { variables[Self.accountVariable(account)] = account.phoneNumberID.value }
        return WorkerEnvironment(variables: variables, additions: additions)
    }

    /// The environment of an egress worker: its own accounts with their access tokens and rates, and no other's.
    ///
    /// - Parameter additions: as for the ingress.
    static func egress(
        from source: SettingsSource, accounts: [Account], additions: [String: String] = [:]
    ) -> WorkerEnvironment {
        var variables = Self.allowed(in: source, named: Self.egressNames)
        let names = Set(accounts.map(\.name))
        for account in accounts {
            variables[Self.accountVariable(account)] = account.phoneNumberID.value
            guard let token = account.accessToken else { continue }
            variables[Self.tokenVariable(account.name)] = token.revealed
        }
        for (name, value) in source.variables where name.hasPrefix(KnownVariables.rates.prefix) {
            let account = AccountName(name.dropFirst(KnownVariables.rates.prefix.count).lowercased())
            if let account, names.contains(account) { variables[name] = value }
        }
        return WorkerEnvironment(variables: variables, additions: additions)
    }

    private init(variables: [String: String], additions: [String: String]) {
        var variables = variables
        // A crash is told by the exit status; what the runtime would print at length is no line of a log.
        if variables["SWIFT_BACKTRACE"] == nil { variables["SWIFT_BACKTRACE"] = "enable=no" }
        variables[SettingsSource.completeMark.name] = SettingsSource.completeMark.value
        self.variables = variables.merging(additions) { _, addition in addition }
    }

    /// `NAME=VALUE` for each variable, sorted, as `posix_spawn` takes them.
    var entries: [String] { self.variables.map { "\($0.key)=\($0.value)" }.sorted() }

    /// The access token of an account; nil where this is not the environment of one who serves it.
    func token(of account: AccountName) -> Secret? {
        self.variables[Self.tokenVariable(account)].map { Secret($0) }
    }

    private static func tokenVariable(_ account: AccountName) -> String {
        KnownVariables.tokens.prefix + account.value.uppercased()
    }

    private static func accountVariable(_ account: Account) -> String {
        KnownVariables.accounts.prefix + account.name.value.uppercased()
    }

    private static func allowed(in source: SettingsSource, named names: Set<String>) -> [String: String] {
        source.variables.filter { names.contains($0.key) || $0.key.hasPrefix("LC_") }
    }
}

extension WorkerEnvironment: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The names alone, since values may be secrets.
    var description: String { "WorkerEnvironment(\(self.variables.keys.sorted().joined(separator: ", ")))" }
    var debugDescription: String { self.description }
    var customMirror: Mirror { Mirror(self, children: []) }
}

// MARK: The allow-list

extension WorkerEnvironment {
    /// What a process of the system needs, none of it secret. `JOURNAL_STREAM` tells that stderr is the journal;
    /// `LD_LIBRARY_PATH` finds the libraries with which the supervisor itself was started.
    private static let systemNames: Set<String> = [
        "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TERM", "NO_COLOR", "TZ", "LANG", "LANGUAGE",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "OPENSSL_CONF", "LD_LIBRARY_PATH", "SWIFT_BACKTRACE", "LIBDISPATCH_LOG",
        "JOURNAL_STREAM", "INVOCATION_ID",
    ]

    private static let sharedNames = Set(
        KnownVariables.shared.map(\.name) + [Variables.supervisorDrain.name]
    ).union(Self.systemNames)

    /// The admin address is left out on both sides: a worker has a private one, which the supervisor adds.
    private static let ingressNames = Self.sharedNames.union(KnownVariables.ingress.map(\.name))
        .subtracting([Variables.ingressAdmin.name])

    private static let egressNames = Self.sharedNames.union(KnownVariables.egress.map(\.name))
        .subtracting([Variables.egressAdmin.name])
}
