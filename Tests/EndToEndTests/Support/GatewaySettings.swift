import TestSupport

/// An account of a gateway under test.
struct GatewayAccount: Hashable, Sendable {
    let name: String
    let phoneNumberID: String
    let token: String

    /// Those of the fixtures.
    static let myAccount = GatewayAccount(
        name: "my_account", phoneNumberID: "106540352242922", token: "EAAG-token-of-my-account")
    static let support = GatewayAccount(name: "support", phoneNumberID: "987654321", token: "EAAG-token-of-support")

    /// The variable that names it, such as `WA_MY_ACCOUNT`.
    var variable: String { "WA_\(self.name.uppercased())" }
}

/// The configuration of a gateway under test, complete.
struct GatewaySettings: Sendable {
    var accounts: [GatewayAccount] = [.myAccount, .support]
    var natsURL = "nats://127.0.0.1:4222"
    var graphURL = "http://127.0.0.1:9"
    /// Where the ingress listens.
    var port: Int
    var appSecret = InboundFixture.appSecret
    var verifyToken = "verify-token-of-the-tests"
    /// Further variables; they go before those above, and an empty value takes one away.
    var further: [String: String] = [:]

    /// - Throws: `SystemCallFailure` when there is no free port.
    init() throws {
        self.port = try FreePort.find()
    }

    /// Every variable; no process of a test inherits any other.
    var environment: [String: String] {
        var variables = [
            "PATH": "/usr/bin:/bin", "LOG_LEVEL": "trace", "LOG_FORMAT": "logfmt",
            "NATS_URL": self.natsURL, "GRAPH_URL": self.graphURL, "HOST": "127.0.0.1", "PORT": "\(self.port)",
            "APP_SECRET": self.appSecret, "WEBHOOK_VERIFY_TOKEN": self.verifyToken,
            "INGRESS_ADMIN": "off", "EGRESS_ADMIN": "off", "SUPERVISOR_ADMIN": "off",
            "SUPERVISOR_COMPONENTS": "ingress,egress",
        ]
        for account in self.accounts { variables[account.variable] = "\(account.phoneNumberID):\(account.token)" }
        return variables.merging(self.further) { $1 }.filter { !$0.value.isEmpty }
    }

    /// What must never be seen: access tokens, app secret, verify token.
    var secrets: [String] { self.accounts.map(\.token) + [self.appSecret, self.verifyToken] }
}
