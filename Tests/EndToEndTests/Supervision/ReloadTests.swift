import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// What a reload costs those who use the gateway: nothing.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct ReloadTests {
    @Test func `A token is rotated while requests and jobs run: none fails, none is sent twice`() async throws {
        try await RotatingGateway.running { rotating in
            let (gateway, supervisor) = (rotating.gateway, rotating.supervisor)
            let before = supervisor.workers
            let rounds = 3
            let sent = try await BotTraffic(gateway: gateway).run { traffic in
                var token = GatewayAccount.myAccount.token
                for round in 1...rounds {
                    try await traffic.waitForMore(60)
                    let renewed = GatewayAccount.myAccount.with(token: "EAAG-renewed-\(round)")
                    gateway.graph.permit(token: renewed.token, for: renewed.phoneNumberID)
                    let lines = supervisor.log.lines.count
                    let line = try await rotating.reload([renewed, .support])
                    #expect(line.contains("kept=2 ") && line.contains("replaced=1") && line.contains("failed=0"))
                    try await supervisor.line("worker stopped", about: "egress-my_account", from: lines)
                    gateway.graph.revoke(token: token)
                    token = renewed.token
                }
                try await traffic.waitForMore(60)
            }
            Measurement.print("\(sent.requests) requests and \(sent.jobs) jobs during \(rounds) rotations")
            let after = supervisor.workers
            #expect(after["egress-my_account"] != before["egress-my_account"])
            for worker in ["ingress", "egress-support"] { #expect(after[worker] == before[worker]) }
            let proofs = gateway.graph.requests.filter { $0.method == "GET" && $0.target.hasSuffix("?fields=id") }
            #expect(proofs.count == rounds)
            #expect(try await supervisor.stop() == .exited(0))
            #expect(!supervisor.log.text.contains("EAAG-renewed"))
        }
    }

    @Test func `A token that Graph refuses leaves the old worker in its place, and nobody notices`() async throws {
        try await RotatingGateway.running { rotating in
            let (gateway, supervisor) = (rotating.gateway, rotating.supervisor)
            let old = try #require(supervisor.workers["egress-my_account"])
            _ = try await BotTraffic(gateway: gateway).run { traffic in
                try await traffic.waitForMore(30)
                let told = supervisor.notices.notices.count
                let line = try await rotating.reload([.myAccount.with(token: "EAAG-mistyped"), .support])
                #expect(line.contains("kept=2 ") && line.contains("replaced=0") && line.contains("failed=1"))
                try await supervisor.status(
                    containing: "3 workers ready; reload failed, the old configuration stays: egress-my_account",
                    from: told)
                try await traffic.waitForMore(30)
            }
            #expect(ProcessTable.isAlive(old))
            let refusals = supervisor.log.lines.filter { $0.contains("level=critical") }
            #expect(refusals.count == 1 && refusals[0].contains("TOKEN_MY_ACCOUNT"))
            #expect(!supervisor.log.text.contains("EAAG-mistyped"))
            #expect(try await supervisor.stop() == .exited(0))
        }
    }

    @Test func `An account comes while webhooks arrive: none is refused, and it is served both ways`() async throws {
        let seed = Seed.forTest()
        try await RotatingGateway.running { rotating in
            let (gateway, supervisor) = (rotating.gateway, rotating.supervisor)
            let sales = GatewayAccount(name: "sales", phoneNumberID: "555000111", token: "EAAG-token-of-sales")
            gateway.graph.setAccount(
                SimulatedAccount(phoneNumberID: sales.phoneNumberID, accessToken: sales.token, name: sales.name))
            let before = supervisor.workers
            let load = WebhookLoad(on: gateway, seed: seed)
            async let running = load.run(connections: 4)
            try await load.waitForMore(50)
            let lines = supervisor.log.lines.count
            let line = try await rotating.reload([.myAccount, .support, sales])
            #expect(line.contains("added=1") && line.contains("kept=2 ") && line.contains("replaced=1"))
            try await supervisor.line("worker stopped", about: "ingress", from: lines)
            try await load.waitForMore(50)
            load.stop()
            let outcome = await running
            #expect(outcome.refused == 0)
            #expect(outcome.answers.keys.allSatisfy { $0 == 200 }, "\(outcome.answers)")

            let tap = try await NATSTap(on: gateway.nats, "whatsapp.sales.in.message")
            let body = WebhookBody.text(id: "wamid.sales", to: sales)
            #expect(try await gateway.post(body).status == 200)
            _ = try await tap.first("the message") { _ in true }
            try await supervisor.line("worker ready", about: "egress-sales")
            let reply = try await gateway.request("sendMessage", #"{"to":"447700900123","text":"x"}"#, of: sales)
            #expect(reply.header("Nats-Service-Error") == nil)
            for worker in before.keys where worker != "ingress" {
                #expect(supervisor.workers[worker] == before[worker])
            }
            #expect(try await supervisor.stop() == .exited(0))
        }
    }

    @Test func `Accounts are spread anew while requests and jobs run: none fails, none is sent twice`() async throws {
        try await RotatingGateway.running { rotating in
            let (gateway, supervisor) = (rotating.gateway, rotating.supervisor)
            let sent = try await BotTraffic(gateway: gateway).run { traffic in
                for (spread, workers) in [("1", 2), ("per-account", 3)] {
                    try await traffic.waitForMore(60)
                    let told = supervisor.notices.notices.count
                    let line = try await rotating.reload(
                        [.myAccount, .support], further: "EGRESS_WORKERS=\(spread)\n")
                    #expect(line.contains("kept=1 ") && line.contains("failed=0"))
                    try await supervisor.status(containing: "\(workers) workers ready", from: told)
                }
                try await traffic.waitForMore(60)
            }
            Measurement.print("\(sent.requests) requests and \(sent.jobs) jobs while spread anew twice")
            #expect(try await supervisor.stop() == .exited(0))
        }
    }
}
