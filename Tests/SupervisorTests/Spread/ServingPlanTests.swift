import Foundation
import Settings
import TestSupport
import Testing

@testable import Supervisor

@Suite struct ServingPlanTests {
    private static func plan(_ more: [String: String] = [:], allShards: Bool = false) throws -> ServingPlan {
        let accounts = [
            "WA_ACME": "1:secret", "WA_SHOP": "2:secret", "WA_SUPPORT": "3:secret", "WA_BILLING": "4:secret",
            "WA_X": "5:secret",
        ]
        let source = SettingsSource(variables: accounts.merging(more) { $1 })
        return ServingPlan(try SupervisorSettings.read(from: source), allShards: allShards)
    }

    @Test func `Workers and accounts stand in aligned columns`() throws {
        #expect(
            try Self.plan().lines == [
                "WORKER          ACCOUNTS",
                "egress-acme     acme",
                "egress-billing  billing",
                "egress-shop     shop",
                "egress-support  support",
                "egress-x        x",
                "",
                "Shard 1/1 serves all 5 accounts.",
            ])
    }

    @Test func `What is not served here is counted`() throws {
        let plan = try Self.plan([
            "EGRESS_WORKERS": "3", "EGRESS_REPLICAS": "2", "SUPERVISOR_SHARD": "1/2",
            "SUPERVISOR_COMPONENTS": "ingress,egress", "APP_SECRET": "secret",
        ])
        #expect(
            plan.lines == [
                "WORKER      ACCOUNTS",
                "ingress     all 5",
                "egress-1    billing, x",
                "egress-1#2  billing, x",
                "",
                "Shard 1/2 serves 2 of 5 accounts; 3 fall to other shards.",
                "4 processes without accounts would not be started.",
            ])
    }

    @Test func `All shards show which host serves an account`() throws {
        let plan = try Self.plan(["SUPERVISOR_SHARD": "2/4"], allShards: true)
        #expect(
            plan.lines == [
                "SHARD  WORKER          ACCOUNTS",
                "1/4    egress-x        x",
                "2/4    egress-acme     acme",
                "2/4    egress-shop     shop",
                "3/4    egress-support  support",
                "4/4    egress-billing  billing",
                "",
                "Shard 2/4 serves 2 of 5 accounts; 3 fall to other shards.",
            ])
    }

    @Test func `A shard without accounts is named`() throws {
        let plan = try Self.plan(["SUPERVISOR_SHARD": "4/8"])
        #expect(
            plan.lines == [
                "WORKER  ACCOUNTS", "", "Shard 4/8 serves 0 of 5 accounts; 5 fall to other shards.",
                "No account falls to shard 4/8.",
            ])
        #expect(try Self.plan(["SUPERVISOR_SHARD": "4/8"], allShards: true).emptyShards.map(\.index) == [4, 6, 7, 8])
    }

    @Test func `As JSON it is one object, with every name`() throws {
        let plan = try Self.plan([
            "EGRESS_WORKERS": "3", "SUPERVISOR_SHARD": "2/2", "SUPERVISOR_COMPONENTS": "ingress,egress",
            "APP_SECRET": "secret",
        ])
        let all = #"["acme","billing","shop","support","x"]"#
        #expect(
            String(decoding: plan.json, as: UTF8.self)
                == #"{"shard":"2/2","accounts":5,"served":3,"elsewhere":2,"workers":["#
                + #"{"shard":"2/2","worker":"ingress","accounts":\#(all)},"#
                + #"{"shard":"2/2","worker":"egress-2","accounts":["acme","shop"]},"#
                + #"{"shard":"2/2","worker":"egress-3","accounts":["support"]}]}"#)
    }

    @Test(arguments: [false, true])
    func `There is no secret in it`(allShards: Bool) throws {
        let plan = try Self.plan(["SUPERVISOR_SHARD": "1/2", "APP_SECRET": "secret"], allShards: allShards)
        #expect(!(plan.lines + [String(decoding: plan.json, as: UTF8.self)]).contains { $0.contains("secret") })
    }
}
