import Addressing
import Settings
import TestSupport
import Testing

@testable import Egress

@Suite struct DeadSettingsTests {
    private static func read(_ account: String, _ more: [String: String] = [:]) throws(SettingsError) -> DeadSettings {
        let least = ["WA_SHOP": "123", "WA_MY_SHOP": "124:EAAG"]
        return try DeadSettings.read(
            from: SettingsSource(variables: least.merging(more) { $1 }), account: account)
    }

    @Test func `An account needs no token`() throws {
        let settings = try Self.read("shop", ["NATS_URL": "nats://n:5"])
        #expect(settings.account.value == "shop" && settings.nats.redactedHost == "n:5")
        #expect(try Self.read("my_shop").account.value == "my_shop")
    }

    @Test(arguments: ["other", "SHOP", "", "WA_SHOP", "shop.dead.>", "event"])
    func `An account that the configuration does not have is named`(name: String) {
        let problems = SettingsError.lines { () throws(SettingsError) in try Self.read(name) }
        #expect(problems == ["<name>: expected the name of an account, found \"\(name)\""])
    }

    @Test func `Everything wrong with the configuration is told at once`() {
        let problems = SettingsError.lines { () throws(SettingsError) in
            try Self.read("other", ["EGRESS_MAX_HELD": "0", "WA_BAD": "x:EAAG-secret", "NATS_URL": "http://n"])
        }
        for name in ["<name>", "EGRESS_MAX_HELD", "WA_BAD", "NATS_URL"] {
            #expect(problems.contains { $0.hasPrefix(name + ":") }, "\(name)")
        }
        #expect(!problems.joined().contains("EAAG"))
    }
}
