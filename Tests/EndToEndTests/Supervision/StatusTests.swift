import Glibc
import GraphSimulator
import TestSupport
import Testing

/// `whatsapp-supervisor status` and `/ready` with real workers.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct StatusTests {
    private static func status(
        of test: MeteredGateway, _ arguments: String...
    ) async throws -> (ending: RunningProcess.Ending, output: String, errors: [String]) {
        let process = try await GatewayProcess.start(
            .supervisor, ["PATH": "/usr/bin:/bin", "SUPERVISOR_ADMIN": test.address(.supervisor)],
            arguments: ["status"] + arguments)
        let ending = try await process.process.waitForExit()
        try await process.process.standardOutput.waitForEnd()
        try await process.log.waitForEnd()
        return (ending, process.process.standardOutput.text, process.log.lines)
    }

    @Test func `It works while NATS is down, and says so`() async throws {
        try await MeteredGateway.running([.supervisor]) { test in
            let ready = try await Self.status(of: test)
            #expect(ready.ending == .exited(0) && ready.errors == [])
            #expect(ready.output.contains("3 workers ready"))
            #expect(!ready.output.contains("\u{1B}"))
            try await test.gateway.server.stop()
            try await eventually("nobody is ready") { try await test.page("/ready", of: .supervisor).status == 503 }
            let down = try await Self.status(of: test)
            #expect(down.ending == .exited(3))
            #expect(down.output.contains("0 of 3 workers ready"))
            #expect(down.output.contains("egress-support: ") && down.output.contains("unready"))
            let page = try JSONTree(try await test.page("/ready", of: .supervisor).body)
            #expect(page["ready"] == .bool(false))
            #expect(page["checks"]?.elements.count == 3)
            try await test.gateway.server.restart()
            try await eventually("all are ready again", within: .seconds(20)) {
                try await Self.status(of: test).ending == .exited(0)
            }
        }
    }

    @Test func `What is in flight is told of each worker`() async throws {
        try await MeteredGateway.running([.supervisor]) { test in
            let gateway = test.gateway
            gateway.graph.faults.latency = .seconds(3) ... .seconds(3)
            async let reply = gateway.request("sendMessage", #"{"to":"447700900123","text":"hello"}"#)
            try await gateway.graph.waitForRequests(1)
            let status = try JSONTree(Array(try await Self.status(of: test, "--json").output.utf8))
            let workers = status["workers"]?.elements ?? []
            #expect(workers.map { $0["worker"]?.string } == ["ingress", "egress-my_account", "egress-support"])
            #expect(workers.map { $0["in_flight"]?.int } == [0, 1, 0])
            #expect(
                workers.map { $0["pid"]?.int }
                    == workers.map { worker in
                        gateway.supervisor.workers[worker["worker"]?.string ?? ""].map { Int($0) }
                    })
            #expect(workers.first?["accounts"]?.elements.compactMap(\.string) == ["my_account", "support"])
            _ = try await reply
        }
    }

    @Test func `One worker away is 1, and the table names it with its last exit`() async throws {
        let certificates = try await TestCertificates.make()
        try await MeteredGateway.running([.supervisor]) {
            $0.further["NATS_CA"] = certificates.authority
        } body: { test in
            let supervisor = test.gateway.supervisor
            #expect(unlink(certificates.authority) == 0)
            kill(try #require(supervisor.workers["egress-support"]), SIGKILL)
            try await supervisor.line("stays down", about: "egress-support")
            let status = try await Self.status(of: test)
            #expect(status.ending == .exited(1))
            let line = status.output.split(separator: "\n").first { $0.hasPrefix("egress-support ") } ?? ""
            #expect(line.contains(/\ support +-  down +- +1  exit status 78 \(bad configuration\) +-$/), "\(line)")
            // One serves still; the check of the other says why it does not.
            let page = try await test.page("/ready", of: .supervisor)
            #expect(page.status == 200)
            #expect(page.text.contains(#"{"name":"egress-support","ok":false,"reason":"exit status 78"#))
        }
    }

    @Test func `On a terminal states have colours, unless NO_COLOR is set`() async throws {
        try await MeteredGateway.running([.supervisor]) { test in
            for (more, isColoured) in [([:], true), (["NO_COLOR": "1"], false), (["TERM": "dumb"], false)]
                as [([String: String], Bool)]
            {
                let terminal = try PseudoTerminal()
                let process = try await RunningProcess.start(
                    BuildFolder.executable("whatsapp-supervisor"), arguments: ["status"],
                    environment: ["SUPERVISOR_ADMIN": test.address(.supervisor), "TERM": "xterm"].merging(more) { $1 },
                    passing: [1: terminal.descriptor])
                try await terminal.wait(for: "3 workers ready")
                #expect(terminal.text.contains("\u{1B}[32mready\u{1B}[0m") == isColoured)
                #expect(try await process.waitForExit() == .exited(0))
            }
        }
    }
}
