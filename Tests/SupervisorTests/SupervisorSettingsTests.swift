import Addressing
import Settings
import TestSupport
import Testing

@testable import Supervisor

@Suite struct SupervisorSettingsTests {
    private static let least = ["WA_SHOP": "123:EAAG"]

    private static func read(_ more: [String: String] = [:]) throws(SettingsError) -> SupervisorSettings {
        try SupervisorSettings.read(from: SettingsSource(variables: Self.least.merging(more) { $1 }))
    }

    private static func problems(_ more: [String: String]) -> [String] {
        SettingsError.lines { () throws(SettingsError) in try Self.read(more) }
    }

    @Test func `Defaults are those of the contract`() throws {
        let settings = try Self.read()
        #expect(settings.components == [.egress])
        #expect(settings.workers == .perAccount && settings.replicas == 1)
        #expect(settings.shard == Shard(index: 1, count: 1))
        #expect(settings.drain == .seconds(20) && settings.watchdog == .seconds(10))
        #expect("\(settings.admin)" == "127.0.0.1:9181")
        #expect(settings.host == "0.0.0.0" && settings.port == 8080)
        #expect(settings.accounts.map(\.accessToken?.revealed) == ["EAAG"])
    }

    @Test func `Every variable is taken`() throws {
        let settings = try Self.read([
            "SUPERVISOR_COMPONENTS": "ingress,egress", "APP_SECRET": "x", "EGRESS_WORKERS": "4", "EGRESS_REPLICAS": "2",
            "SUPERVISOR_SHARD": "2/3", "SUPERVISOR_DRAIN_MS": "5", "SUPERVISOR_WATCHDOG_MS": "0",
            "SUPERVISOR_ADMIN": "off",
            "HOST": "127.0.0.1", "PORT": "81", "LOG_LEVEL": "error",
        ])
        #expect(settings.components == [.ingress, .egress])
        #expect(settings.workers == .processes(4) && settings.replicas == 2)
        #expect(settings.shard == Shard(index: 2, count: 3))
        #expect(settings.drain == .milliseconds(5) && settings.watchdog == nil && settings.admin == .off)
        #expect(settings.host == "127.0.0.1" && settings.port == 81 && settings.log.level == .error)
    }

    @Test func `An app secret is needed where the ingress is among the components`() {
        #expect(Self.problems([:]).isEmpty)
        #expect(
            Self.problems(["SUPERVISOR_COMPONENTS": "ingress,egress"]) == [
                "APP_SECRET: expected the app secret, or INGRESS_ALLOW_UNSIGNED=true to take unsigned webhooks from anyone"
            ])
        #expect(Self.problems(["SUPERVISOR_COMPONENTS": "ingress,egress", "INGRESS_ALLOW_UNSIGNED": "true"]).isEmpty)
    }

    @Test func `What only its workers read is checked too`() {
        let problems = Self.problems([
            "WA_SHOP": "123", "EGRESS_RATE_X": "1", "NATS_URL": "localhost", "STREAM_DEDUPE_WINDOW": "100h",
            "INGRESS_ACK_TIMEOUT_MS": "soon", "EGRESS_GRAPH_TIMEOUT_MS": "soon", "INGRESS_ADMIN": "nowhere",
            "SUPERVISOR_WATCHDOG_MS": "99",
        ])
        #expect(
            Set(problems.map { String($0.prefix { $0 != ":" }) }) == [
                "TOKEN_SHOP", "EGRESS_RATE_X", "NATS_URL", "STREAM_DEDUPE_WINDOW", "INGRESS_ACK_TIMEOUT_MS",
                "EGRESS_GRAPH_TIMEOUT_MS", "INGRESS_ADMIN", "SUPERVISOR_WATCHDOG_MS",
            ])
        #expect(problems.count == 8)
    }
}
