import Addressing
import Settings
import Testing

@testable import Supervisor

@Suite struct WorkerEnvironmentTests {
    private static let mark = [SettingsSource.completeMark.name: SettingsSource.completeMark.value]

    /// Every variable of the gateway, two accounts, and what else an environment may hold.
    private let source: SettingsSource
    private let accounts: [Account]

    init() throws {
        var variables = [String: String](
            uniqueKeysWithValues: KnownVariables.all.map { ($0.name, $0.defaultText.isEmpty ? "x" : $0.defaultText) })
        variables["NATS_CREDS"] = "/dev/null"
        for name in ["NATS_CA", "NATS_CERT", "NATS_KEY"] { variables[name] = "/dev/null" }
        variables["STREAM_MAX_BYTES"] = "1G"
        variables["WA_SHOP"] = "1:token-of-shop"
        variables["WA_my-desk"] = "2"
        variables["TOKEN_MY-DESK"] = "token-of-desk"
        variables["EGRESS_RATE_shop"] = "5"
        variables["EGRESS_RATE_MY-DESK"] = "6"
        for name in ["PATH", "HOME", "TZ", "LANG", "LC_TIME", "SSL_CERT_FILE", "SSL_CERT_DIR", "JOURNAL_STREAM"] {
            variables[name] = "system"
        }
        for name in [
            "CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID",
            "LD_PRELOAD", "AWS_SECRET_ACCESS_KEY", "WA", "TOKEN", "SSH_AUTH_SOCK", "HTTPS_PROXY",
        ] {
            variables[name] = "stranger"
        }
        self.source = SettingsSource(variables: variables)
        var reader = SettingsReader(self.source)
        self.accounts = Accounts.read(from: &reader, tokens: .required)
        try reader.finish()
    }

    private static let system = [
        "HOME", "JOURNAL_STREAM", "LANG", "LC_TIME", "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "TZ",
    ]
    private static let shared = [
        "LOG_FORMAT", "LOG_LEVEL", "NATS_CA", "NATS_CERT", "NATS_CREDS", "NATS_KEY", "NATS_URL", "STREAM_DEDUPE_WINDOW",
        "STREAM_MAX_AGE", "STREAM_MAX_BYTES", "STREAM_REPLICAS", "STREAM_STORAGE", "SUPERVISOR_DRAIN_MS",
        "SWIFT_BACKTRACE", "WHATSAPP_ENVIRONMENT",
    ]

    @Test func `The ingress gets phone number IDs, its own secrets and no access token`() {
        let environment = WorkerEnvironment.ingress(from: self.source, accounts: self.accounts)
        let own = [
            "APP_SECRET", "HOST", "INGRESS_ACK_TIMEOUT_MS", "INGRESS_ALLOW_UNSIGNED", "INGRESS_DELIVERY",
            "INGRESS_MAX_BODY_BYTES", "INGRESS_MAX_IN_FLIGHT", "PORT", "WA_MY-DESK", "WA_SHOP", "WEBHOOK_VERIFY_TOKEN",
        ]
        #expect(environment.variables.keys.sorted() == (Self.system + Self.shared + own).sorted())
        #expect(environment.variables["WA_SHOP"] == "1" && environment.variables["WA_MY-DESK"] == "2")
        #expect(!environment.entries.contains { $0.contains("token-of") || $0.contains("stranger") })
    }

    @Test func `An egress worker gets its own accounts' tokens and no other's, and no secret of the ingress`() throws {
        let shop = try #require(self.accounts.first { $0.name.value == "shop" })
        let environment = WorkerEnvironment.egress(from: self.source, accounts: [shop])
        let own = [
            "API_VERSION", "EGRESS_GRAPH_TIMEOUT_MS", "EGRESS_MAX_ATTEMPTS", "EGRESS_MAX_HELD", "EGRESS_MAX_IN_FLIGHT",
            "EGRESS_MAX_WAITING", "EGRESS_RATE_PER_SECOND", "EGRESS_RATE_shop", "GRAPH_URL", "TOKEN_SHOP", "WA_SHOP",
        ]
        #expect(environment.variables.keys.sorted() == (Self.system + Self.shared + own).sorted())
        #expect(environment.variables["WA_SHOP"] == "1" && environment.variables["TOKEN_SHOP"] == "token-of-shop")
        #expect(!environment.entries.contains { $0.contains("desk") || $0.contains("stranger") })
    }

    @Test func `A worker reads from its environment what the supervisor read for it`() throws {
        for variables in [
            WorkerEnvironment.egress(from: self.source, accounts: self.accounts).variables,
            WorkerEnvironment.ingress(from: self.source, accounts: self.accounts).variables,
        ] {
            let isEgress = variables["TOKEN_SHOP"] != nil
            var reader = SettingsReader(SettingsSource.load(environment: variables, envFiles: ["/nowhere"]))
            let accounts = Accounts.read(from: &reader, tokens: isEgress ? .required : .ignored)
            let rates = Accounts.readRates(from: &reader, of: accounts)
            reader.checkAllVariables()
            try reader.finish()
            #expect(accounts.map(\.phoneNumberID) == self.accounts.map(\.phoneNumberID))
            #expect(!isEgress || accounts == self.accounts)
            #expect(rates.values.sorted() == (isEgress ? [5, 6] : [80, 80]))
        }
    }

    @Test func `What the supervisor adds goes before all else`() {
        let environment = WorkerEnvironment.egress(
            from: SettingsSource(variables: ["PATH": "/bin", "EGRESS_ADMIN": "127.0.0.1:1"]), accounts: [],
            additions: ["NOTIFY_SOCKET": "/run/n", "EGRESS_ADMIN": "unix:/run/a", "PATH": "/sbin"])
        #expect(
            environment.entries == [
                "EGRESS_ADMIN=unix:/run/a", "NOTIFY_SOCKET=/run/n", "PATH=/sbin", "SWIFT_BACKTRACE=enable=no",
                "WHATSAPP_ENVIRONMENT=complete",
            ])
    }

    @Test func `Equal settings make equal environments, a changed token another one for its worker alone`() throws {
        let (desk, shop) = (self.accounts[0], self.accounts[1])
        let renewed = Account(name: desk.name, phoneNumberID: desk.phoneNumberID, accessToken: Secret("renewed"))
        let before = [desk, shop].map { WorkerEnvironment.egress(from: self.source, accounts: [$0]) }
        let after = [renewed, shop].map { WorkerEnvironment.egress(from: self.source, accounts: [$0]) }
        #expect(before[0] != after[0] && before[1] == after[1])
        #expect(
            WorkerEnvironment.ingress(from: self.source, accounts: [desk, shop])
                == WorkerEnvironment.ingress(from: self.source, accounts: [renewed, shop]))
    }

    @Test func `An environment shows names and never values`() {
        let environment = WorkerEnvironment.egress(from: self.source, accounts: self.accounts)
        var dumped = ""
        dump(environment, to: &dumped)
        #expect("\(environment)".contains("TOKEN_SHOP"))
        #expect(!(dumped + "\(environment)" + String(reflecting: environment)).contains("token-of"))
    }
}
