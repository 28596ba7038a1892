import GraphSimulator
import TestSupport
import Testing

/// A worker that is to prove access tokens before it serves.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct TokenProofTests {
    private static let proof = ["run", "--prove-token", "my_account", "--prove-token", "support"]

    @Test func `A token that Graph takes lets the worker serve`() async throws {
        try await Gateway.running([]) { gateway in
            let egress = try await GatewayProcess.start(
                .egress, gateway.settings.environment, arguments: Self.proof)
            try await egress.ready()
            let asked = gateway.graph.requests.map { "\($0.method) \($0.target)" }
            #expect(asked.count == 2)
            for account in gateway.settings.accounts {
                #expect(asked.contains { $0.hasPrefix("GET ") && $0.hasSuffix("/\(account.phoneNumberID)?fields=id") })
            }
            #expect(try await egress.stop() == .exited(0))
        }
    }

    @Test func `A token that Graph refuses ends the worker with 78 before it has a connection to NATS`() async throws {
        try await Gateway.running([]) { gateway in
            gateway.graph.setAccount(
                SimulatedAccount(phoneNumberID: GatewayAccount.support.phoneNumberID, accessToken: "another"))
            var environment = gateway.settings.environment
            environment["NATS_URL"] = "nats://127.0.0.1:9"
            let egress = try await GatewayProcess.start(.egress, environment, arguments: Self.proof)
            #expect(try await egress.process.waitForExit() == .exited(78))
            try await egress.log.waitForEnd()
            let lines = egress.log.lines.filter { $0.contains("level=critical") }
            #expect(lines.count == 1)
            #expect(lines.first?.contains("account=support") == true && lines.first?.contains("TOKEN_SUPPORT") == true)
            #expect(lines.first?.contains("code=190") == true)
            #expect(!egress.log.text.contains("NATS"))
            #expect(!gateway.settings.secrets.contains { egress.log.text.contains($0) })
            #expect(!egress.notices.notices.contains { $0.isReady })
        }
    }

    @Test func `Graph that is away, throttles or fails proves nothing wrong`() async throws {
        try await Gateway.running([]) { gateway in
            gateway.graph.script([ScriptedAnswer(status: 503, body: []), ScriptedAnswer(status: 429, body: [])])
            let throttled = try await GatewayProcess.start(
                .egress, gateway.settings.environment, arguments: Self.proof)
            try await throttled.ready()
            var environment = gateway.settings.environment
            environment["GRAPH_URL"] = "http://127.0.0.1:9"
            let alone = try await GatewayProcess.start(.egress, environment, arguments: Self.proof)
            try await alone.ready()
        }
    }

    @Test func `Graph that does not answer is waited for 5 s, and SIGTERM meanwhile ends the worker with 0`()
        async throws
    {
        try await Gateway.running([]) { gateway in
            gateway.graph.faults.disturbance = .hang
            let patient = try await GatewayProcess.start(
                .egress, gateway.settings.environment, arguments: Self.proof)
            let stopped = try await GatewayProcess.start(
                .egress, gateway.settings.environment, arguments: Self.proof)
            try await gateway.graph.waitForRequests(4)
            let start = ContinuousClock.now
            #expect(try await stopped.stop() == .exited(0))
            #expect(ContinuousClock.now - start < .seconds(3))
            try await patient.ready()
            #expect(ContinuousClock.now - start < .seconds(10))
        }
    }

    @Test func `The name of an account that is not served is bad configuration`() async throws {
        let egress = try await GatewayProcess.start(
            .egress, try GatewaySettings().environment,
            arguments: ["run", "--account", "support", "--prove-token", "my_account"])
        #expect(try await egress.process.waitForExit() == .exited(78))
        try await egress.log.waitForLine { $0.contains("--prove-token") && $0.contains("my_account") }
    }
}
