import Glibc
import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// Ingress and two egress workers under a supervisor, as on one box.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct SupervisedGatewayTests {
    private static let message = #"{"to":"447700900123","text":"hello"}"#

    @Test func `The supervisor is ready when every worker is, and names what they wait for until then`() async throws {
        try await Gateway.running([]) { gateway async throws in
            try await gateway.server.stop()
            let supervisor = try await GatewayProcess.start(.supervisor, gateway.settings.environment)
            let waiting = try await supervisor.status(containing: "egress-support: waiting for NATS")
            #expect(waiting.hasPrefix("0 of 3 workers ready"))
            #expect(!supervisor.notices.notices.contains { $0.isReady })
            try await gateway.server.restart()
            try await supervisor.ready()
            try await supervisor.status(containing: "3 workers ready")
            let lines = supervisor.log.lines
            let ready = lines.firstIndex { $0.contains(#"msg="ready""#) } ?? 0
            for worker in ["ingress", "egress-my_account", "egress-support"] {
                #expect(lines[..<ready].contains { $0.contains("worker ready") && $0.contains("worker=\(worker)") })
            }
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.1")).status == 200)
            #expect(try await gateway.request("sendMessage", Self.message).header("Nats-Service-Error") == nil)
            #expect(try await supervisor.stop() == .exited(0))
        }
    }

    @Test(arguments: ["ingress", "egress-support"])
    func `A worker that is killed is soon ready again, and the others are not touched`(name: String) async throws {
        try await Gateway.running([.supervisor]) { gateway async throws in
            let supervisor = gateway.supervisor
            let before = supervisor.workers
            let old = try #require(before[name])
            let (lines, told) = (supervisor.log.lines.count, supervisor.notices.notices.count)
            let killed = ContinuousClock.now
            kill(old, SIGKILL)
            try await supervisor.line("worker ready", about: name, from: lines)
            let time = ContinuousClock.now - killed
            Measurement.print("SIGKILL of \(name) to ready again", time)
            #expect(time < .seconds(5))
            try await supervisor.status(containing: "3 workers ready", from: told)
            #expect(supervisor.workers.filter { $0.key != name } == before.filter { $0.key != name })
            #expect(supervisor.workers[name] != old && !ProcessTable.isAlive(old))
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.1")).status == 200)
            for account in gateway.settings.accounts {
                let reply = try await gateway.request("sendMessage", Self.message, of: account)
                #expect(reply.header("Nats-Service-Error") == nil)
            }
        }
    }

    @Test(arguments: ["ingress", "egress-support"])
    func `A worker that hangs is noticed by its watchdog and replaced, and the others are not touched`(
        name: String
    ) async throws {
        try await Gateway.running([.supervisor]) {
            $0.further["SUPERVISOR_WATCHDOG_MS"] = "2000"
        } body: { gateway async throws in
            let supervisor = gateway.supervisor
            let before = supervisor.workers
            let old = try #require(before[name])
            let lines = supervisor.log.lines.count
            let stopped = ContinuousClock.now
            kill(old, SIGSTOP)
            try await supervisor.line("no progress for 2.00 s and is aborted", about: name, from: lines)
            // What is stopped takes no SIGABRT.
            try await supervisor.line("still there after SIGABRT and is killed", about: name, from: lines)
            try await supervisor.line("worker ready", about: name, from: lines)
            Measurement.print("SIGSTOP of \(name) to ready again", ContinuousClock.now - stopped)
            #expect(supervisor.workers.filter { $0.key != name } == before.filter { $0.key != name })
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.1")).status == 200)
            let reply = try await gateway.request("sendMessage", Self.message, of: .support)
            #expect(reply.header("Nats-Service-Error") == nil)
            #expect(try await supervisor.stop() == .exited(0))
        }
    }

    @Test
    func `While the ingress is killed again and again every webhook is taken in the end, and none is stored twice`()
        async throws
    {
        let seed = Seed.forTest()
        try await Gateway.running([.supervisor]) { gateway async throws in
            let load = WebhookLoad(on: gateway, seed: seed)
            async let running = load.run(connections: 4)
            for _ in 0..<2 {
                try await load.waitForMore(50)
                let lines = gateway.supervisor.log.lines.count
                kill(try #require(gateway.supervisor.workers["ingress"]), SIGKILL)
                try await gateway.supervisor.line("worker ready", about: "ingress", from: lines)
            }
            try await load.waitForMore(50)
            load.stop()
            let outcome = await running
            let stored = try await gateway.stored(in: "WHATSAPP_IN").compactMap { $0.header("Nats-Msg-Id") }
            #expect(Set(stored).count == stored.count)
            #expect(outcome.accepted.allSatisfy { stored.contains("my_account:message.text:\($0)") })
        }
    }

    @Test func `A supervisor that is killed leaves no worker behind`() async throws {
        try await Gateway.running([.supervisor]) { gateway async throws in
            let workers = gateway.supervisor.workers.values
            #expect(workers.count == 3 && workers.allSatisfy { ProcessTable.isAlive($0) })
            gateway.supervisor.process.kill()
            try await gateway.supervisor.process.waitForExit()
            try await eventually("every worker ends") { workers.allSatisfy { !ProcessTable.isAlive($0) } }
            try await gateway.supervisor.log.waitForEnd()
        }
    }

    @Test(arguments: [false, true])
    func `A drain answers what is in flight, on SIGTERM as on a terminal's Ctrl-C, and ends with 0`(
        asTerminal: Bool
    ) async throws {
        try await Gateway.running([.supervisor]) { gateway async throws in
            let supervisor = gateway.supervisor
            gateway.graph.faults.latency = .milliseconds(700) ... .milliseconds(700)
            async let reply = gateway.request("sendMessage", Self.message)
            try await gateway.graph.waitForRequests(1)
            let workers = supervisor.workers.values
            if asTerminal { supervisor.process.signalGroup(SIGINT) } else { supervisor.process.terminate() }
            try await supervisor.notices.waitForNotice("STOPPING=1") { $0.isStopping }
            #expect(try await reply.header("Nats-Service-Error") == nil)
            #expect(try await supervisor.process.waitForExit() == .exited(0))
            #expect(workers.allSatisfy { !ProcessTable.isAlive($0) })
            #expect(gateway.graph.accepted.count == 1)
        }
    }

    @Test func `A worker whose configuration has gone bad stays down, is named, and the others serve`() async throws {
        let certificates = try await TestCertificates.make()
        try await Gateway.running([.supervisor]) {
            $0.further["NATS_CA"] = certificates.authority
        } body: { gateway async throws in
            let supervisor = gateway.supervisor
            let told = supervisor.notices.notices.count
            #expect(unlink(certificates.authority) == 0)
            kill(try #require(supervisor.workers["egress-support"]), SIGKILL)
            try await supervisor.line("stays down", about: "egress-support")
            let status = try await supervisor.status(containing: "egress-support: exit status 78", from: told)
            #expect(status.hasPrefix("2 of 3 workers ready"))
            #expect(supervisor.log.lines.contains { $0.hasPrefix("NATS_CA: ") })
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.1")).status == 200)
            #expect(try await gateway.request("sendMessage", Self.message).header("Nats-Service-Error") == nil)
            let error = await #expect(throws: NATSError.self) {
                try await gateway.request("sendMessage", Self.message, of: .support)
            }
            #expect(error?.code == .noResponders)
            #expect(try await supervisor.stop() == .exited(0))
        }
    }
}
