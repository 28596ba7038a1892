import Addressing
import Settings
import TestSupport
import Testing

@testable import Egress

@Suite struct EgressSettingsTests {
    private static let least = ["WA_SHOP": "123:EAAG"]

    private static func read(
        _ more: [String: String] = [:], accounts: [String] = []
    ) throws(SettingsError) -> EgressSettings {
        try EgressSettings.read(from: SettingsSource(variables: Self.least.merging(more) { $1 }), accounts: accounts)
    }

    private static func problems(_ more: [String: String], accounts: [String] = []) -> [String] {
        SettingsError.lines { () throws(SettingsError) in try Self.read(more, accounts: accounts) }
    }

    @Test func `Defaults are those of the contract`() throws {
        let settings = try Self.read()
        #expect(settings.accounts.map(\.ratePerSecond) == [80])
        #expect(settings.apiVersion == "v21.0" && settings.graphURL == "https://graph.facebook.com")
        #expect(settings.maxInFlight == 256 && settings.maxWaiting == 1024 && settings.maxHeld == 20000)
        #expect(settings.graphTimeout == .seconds(15) && settings.maxAttempts == 8)
        #expect("\(settings.admin)" == "127.0.0.1:9182" && settings.drain == .seconds(20))
    }

    @Test func `Every variable is taken`() throws {
        let settings = try Self.read([
            "API_VERSION": "v22.0", "GRAPH_URL": "http://127.0.0.1:9/x/", "EGRESS_MAX_IN_FLIGHT": "1",
            "EGRESS_MAX_WAITING": "2",
            "EGRESS_MAX_HELD": "3", "EGRESS_RATE_SHOP": "4", "EGRESS_GRAPH_TIMEOUT_MS": "100",
            "EGRESS_MAX_ATTEMPTS": "5",
            "EGRESS_ADMIN": "unix:/run/a", "SUPERVISOR_DRAIN_MS": "6", "NATS_URL": "tls://n",
        ])
        #expect(settings.accounts.map(\.ratePerSecond) == [4])
        #expect(settings.apiVersion == "v22.0" && settings.graphURL == "http://127.0.0.1:9/x")
        #expect(settings.maxInFlight == 1 && settings.maxWaiting == 2 && settings.maxHeld == 3)
        #expect(settings.graphTimeout == .milliseconds(100) && settings.maxAttempts == 5)
        #expect(settings.admin == .unix(path: "/run/a") && settings.drain == .milliseconds(6))
        #expect(settings.nats.redactedHost == "n:4222")
    }

    @Test func `All accounts are served, or those that are named`() throws {
        let more = ["WA_A": "1", "TOKEN_A": "EAAH", "WA_B": "2:EAAI"]
        #expect(try Self.read(more).accounts.map(\.accessToken.revealed) == ["EAAH", "EAAI", "EAAG"])
        #expect(try Self.read(more, accounts: ["shop", "a", "a"]).accounts.map(\.name.value) == ["a", "shop"])
    }

    @Test func `Only a served account needs a token`() throws {
        #expect(try Self.read(["WA_A": "1"], accounts: ["shop"]).accounts.map(\.name.value) == ["shop"])
        #expect(
            Self.problems(["WA_A": "1"], accounts: ["a"]) == [
                "TOKEN_A: expected an access token, since WA_A holds none"
            ])
    }

    @Test func `An unknown account is a problem`() {
        #expect(
            Self.problems([:], accounts: ["shop", "no\n"]) == [
                #"--account: expected the name of an account, found "no\n""#
            ])
    }

    @Test func `A token is to be proven of a served account alone`() throws {
        let source = SettingsSource(variables: ["WA_A": "1:EAAH", "WA_B": "2:EAAI"])
        let settings = try EgressSettings.read(from: source, accounts: ["a"], proving: ["a", "a"])
        #expect(settings.accountsToProve.map(\.name.value) == ["a"])
        #expect(try EgressSettings.read(from: source).accountsToProve.isEmpty)
        let problems = SettingsError.lines { () throws(SettingsError) in
            try EgressSettings.read(from: source, accounts: ["a"], proving: ["b", "x"])
        }
        #expect(
            problems == ["b", "x"].map { #"--prove-token: expected the name of an account served, found "\#($0)""# })
    }

    @Test func `An app secret is not needed`() throws {
        #expect(Self.problems(["APP_SECRET": ""]).isEmpty)
    }

    @Test func `All that is wrong is named at once`() {
        let problems = Self.problems([
            "WA_SHOP": "123", "GRAPH_URL": "graph", "API_VERSION": "21", "EGRESS_MAX_IN_FLIGHT": "0",
            "EGRESS_GRAPH_TIMEOUT_MS": "99", "EGRESS_RATE_OTHER": "1", "NATS_CREDS": "/nowhere", "PORT": "http",
        ])
        #expect(
            problems.map { $0.prefix { $0 != ":" } } == [
                "TOKEN_SHOP", "EGRESS_RATE_OTHER", "API_VERSION", "GRAPH_URL", "EGRESS_MAX_IN_FLIGHT",
                "EGRESS_GRAPH_TIMEOUT_MS", "NATS_CREDS", "PORT",
            ])
    }

    @Test func `The settings show no secret`() throws {
        let settings = try Self.read(["NATS_URL": "nats://hidden@n", "WA_SHOP": "1:hidden"])
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!dumped.contains("hidden") && !"\(settings)".contains("hidden"))
    }
}
