import Addressing
import Settings
import TestSupport
import Testing

@testable import Ingress

@Suite struct IngressSettingsTests {
    private static let least = ["WA_SHOP": "123:EAAG", "APP_SECRET": "s3cret"]

    private static func read(_ more: [String: String] = [:]) throws(SettingsError) -> IngressSettings {
        try IngressSettings.read(from: SettingsSource(variables: Self.least.merging(more) { $1 }))
    }

    private static func problems(_ more: [String: String]) -> [String] {
        SettingsError.lines { () throws(SettingsError) in try Self.read(more) }
    }

    @Test func `Defaults are those of the contract`() throws {
        let settings = try Self.read()
        #expect(settings.verifyToken == nil)
        #expect(settings.host == "0.0.0.0" && settings.port == 8080)
        #expect(settings.delivery == .jetstream)
        #expect(settings.maxBodyBytes == 4_194_304 && settings.maxInFlight == 1024)
        #expect(settings.ackTimeout == .seconds(4) && settings.drain == .seconds(20))
        #expect("\(settings.admin)" == "127.0.0.1:9180")
        #expect(settings.log == LogSettings(level: .info, format: .auto))
    }

    @Test func `Every variable is taken`() throws {
        let settings = try Self.read([
            "WEBHOOK_VERIFY_TOKEN": "my token", "APP_SECRET": "new,old", "HOST": "::1", "PORT": "9",
            "INGRESS_DELIVERY": "core",
            "INGRESS_MAX_BODY_BYTES": "100", "INGRESS_ACK_TIMEOUT_MS": "50", "INGRESS_MAX_IN_FLIGHT": "2",
            "INGRESS_ADMIN": "off", "SUPERVISOR_DRAIN_MS": "1500", "LOG_LEVEL": "trace", "LOG_FORMAT": "json",
            "NATS_URL": "nats://nats", "STREAM_REPLICAS": "3", "STREAM_STORAGE": "memory", "STREAM_MAX_BYTES": "1G",
        ])
        #expect(settings.verifyToken?.revealed == "my token")
        #expect(settings.appSecrets.map(\.revealed) == ["new", "old"])
        #expect(settings.host == "::1" && settings.port == 9)
        #expect(settings.delivery == .core)
        #expect(settings.maxBodyBytes == 100 && settings.maxInFlight == 2)
        #expect(settings.ackTimeout == .milliseconds(50) && settings.drain == .milliseconds(1500))
        #expect(settings.admin == .off)
        #expect(settings.log == LogSettings(level: .trace, format: .json))
        #expect(settings.nats.redactedHost == "nats:4222")
        #expect(settings.streams.replicas == 3 && settings.streams.storage == .memory)
        #expect(settings.streams.maxBytes == 1 << 30)
    }

    @Test(arguments: [
        ("HOST", "::1"), ("PORT", "9"), ("INGRESS_DELIVERY", "core"), ("INGRESS_ADMIN", "off"),
        ("SUPERVISOR_DRAIN_MS", "9"), ("NATS_URL", "nats://n"), ("NATS_CREDS", "/dev/null"), ("NATS_CA", "/dev/null"),
        ("STREAM_REPLICAS", "3"), ("STREAM_STORAGE", "memory"), ("STREAM_MAX_AGE", "24h"), ("STREAM_MAX_BYTES", "1G"),
        ("STREAM_DEDUPE_WINDOW", "2h"), ("LOG_LEVEL", "trace"), ("LOG_FORMAT", "json"),
    ])
    func `What only a restart takes over is known by its variable`(variable: String, value: String) throws {
        let running = try Self.read()
        #expect(try Self.read([variable: value]).onlyAtStart(differingFrom: running) == [variable])
    }

    @Test func `What a reload takes over, and what is the same in other words, needs no restart`() throws {
        let settings = try Self.read([
            "WA_B": "2", "APP_SECRET": "new", "WEBHOOK_VERIFY_TOKEN": "new", "INGRESS_MAX_BODY_BYTES": "100",
            "INGRESS_ACK_TIMEOUT_MS": "50", "INGRESS_MAX_IN_FLIGHT": "2", "PORT": "8080", "STREAM_MAX_AGE": "3d",
        ])
        #expect(settings.onlyAtStart(differingFrom: try Self.read()) == [])
    }

    @Test func `No access token is kept`() throws {
        let settings = try Self.read(["WA_B": "2", "TOKEN_B": "EAAH"])
        #expect(settings.accounts.map(\.phoneNumberID.value) == ["2", "123"])
        #expect(settings.accounts.allSatisfy { $0.accessToken == nil })
    }

    @Test func `Without an app secret it starts only where unsigned webhooks are allowed`() throws {
        let problem =
            "APP_SECRET: expected the app secret, or INGRESS_ALLOW_UNSIGNED=true to take unsigned webhooks from anyone"
        #expect(Self.problems(["APP_SECRET": ""]) == [problem])
        #expect(Self.problems(["APP_SECRET": "", "INGRESS_ALLOW_UNSIGNED": "false"]) == [problem])
        #expect(try Self.read(["APP_SECRET": "", "INGRESS_ALLOW_UNSIGNED": "true"]).acceptsUnsigned)
        #expect(try !Self.read(["INGRESS_ALLOW_UNSIGNED": "true"]).acceptsUnsigned)
    }

    @Test func `All that is wrong is named at once, other processes' variables included`() {
        let problems = Self.problems([
            "WA_SHOP": "x", "APP_SECRET": "a,,b", "PORT": "0", "INGRESS_DELIVERY": "maybe",
            "EGRESS_MAX_ATTEMPTS": "none",
            "SUPERVISOR_SHARD": "2/1", "STREAM_DEDUPE_WINDOW": "99h",
        ])
        #expect(
            problems.map { $0.prefix { $0 != ":" } } == [
                "WA_SHOP", "APP_SECRET", "PORT", "INGRESS_DELIVERY", "STREAM_DEDUPE_WINDOW", "EGRESS_MAX_ATTEMPTS",
                "SUPERVISOR_SHARD",
            ])
    }

    @Test func `The settings show no secret`() throws {
        let settings = try Self.read([
            "WEBHOOK_VERIFY_TOKEN": "hidden1", "NATS_URL": "nats://u:hidden2@n", "APP_SECRET": "hidden3",
        ])
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!dumped.contains("hidden") && !"\(settings)".contains("hidden"))
    }
}
