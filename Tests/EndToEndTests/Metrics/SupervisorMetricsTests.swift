import Glibc
import TestSupport
import Testing

/// The supervisor's page of all metrics, with real workers at work.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct SupervisorMetricsTests {
    private static let success = "whatsapp_supervisor_worker_scrape_success"

    @Test func `It shows its workers' metrics under their names, and promtool finds nothing wrong`() async throws {
        try await MeteredGateway.running([.supervisor]) { test in
            let gateway = test.gateway
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.1")).status == 200)
            for account in gateway.settings.accounts {
                _ = try await gateway.request("sendMessage", #"{"to":"447700900123","text":"hello"}"#, of: account)
            }
            let page = try await test.scrape(.supervisor)
            #expect(page.status == 200)
            #expect(page[header: "Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            let metrics = MetricsText(page.body)
            #expect(metrics["whatsapp_supervisor_workers", ["state": "ready"]] == 3)
            for worker in ["ingress", "egress-my_account", "egress-support"] {
                #expect(metrics[Self.success, ["worker": worker]] == 1)
                #expect(metrics["whatsapp_nats_connected", ["worker": worker]] == 1)
                #expect(metrics["whatsapp_supervisor_worker_ready", ["worker": worker]] == 1)
            }
            #expect(metrics["whatsapp_ingress_requests_total", ["worker": "ingress", "status": "200"]] == 1)
            for account in gateway.settings.accounts {
                let labels: KeyValuePairs = [
                    "worker": "egress-\(account.name)", "account": account.name, "action": "sendMessage",
                    "lane": "request", "outcome": "sent",
                ]
                #expect(metrics["whatsapp_egress_sends_total", labels] == 1)
            }
            // One head a family, and no sample twice.
            #expect(Set(metrics.lines).count == metrics.lines.count)
            let comments = page.text.split(separator: "\n").filter { $0.hasPrefix("# ") }
            #expect(Set(comments).count == comments.count)
            for secret in gateway.settings.secrets { #expect(!page.text.contains(secret)) }
            #expect(try await Promtool.problems(of: page.body) == "")
        }
    }

    @Test(arguments: [false, true])
    func `Under load, with one worker stopped and one down, the page is there in time and names both`(
        isFirst: Bool
    ) async throws {
        let certificates = try await TestCertificates.make()
        try await MeteredGateway.running([.supervisor]) {
            $0.further["NATS_CA"] = certificates.authority
            // The third, which serves.
            $0.accounts.append(GatewayAccount(name: "third", phoneNumberID: "333", token: "EAAG-token-of-third"))
        } body: { test in
            let (gateway, supervisor) = (test.gateway, test.gateway.supervisor)
            let load = WebhookLoad(on: gateway, seed: Seed.forTest())
            async let running = load.run(connections: 4)
            try await load.waitForMore(20)
            #expect(unlink(certificates.authority) == 0)
            kill(try #require(supervisor.workers["egress-support"]), SIGKILL)
            try await supervisor.line("stays down", about: "egress-support")
            let stopped = try #require(supervisor.workers[isFirst ? "egress-my_account" : "egress-third"])
            kill(stopped, SIGSTOP)
            let begin = ContinuousClock.now
            let pages = try await withThrowingTaskGroup(of: HTTPReply.self) { group in
                for _ in 0..<4 { group.addTask { try await test.scrape(.supervisor) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let time = ContinuousClock.now - begin
            Measurement.print("four scrapes at once, of four workers, one stopped and one down", time)
            #expect(time < .milliseconds(2500))
            kill(stopped, SIGCONT)
            for page in pages {
                let metrics = MetricsText(page.body)
                let missing = ["egress-support", isFirst ? "egress-my_account" : "egress-third"]
                for worker in ["ingress", "egress-my_account", "egress-support", "egress-third"] {
                    let isMissing = missing.contains(worker)
                    #expect(metrics[Self.success, ["worker": worker]] == (isMissing ? 0 : 1), "\(worker)")
                    #expect(page.text.contains("whatsapp_nats_connected{worker=\"\(worker)\"}") == !isMissing)
                }
                #expect(metrics["whatsapp_supervisor_workers", ["state": "down"]] == 1)
                let failures = "whatsapp_supervisor_worker_scrape_failures_total"
                #expect(metrics[failures, ["reason": "timeout"]] ?? 0 >= 1)
                #expect(metrics[failures, ["reason": "not_running"]] ?? 0 >= 1)
                #expect(try await Promtool.problems(of: page.body) == "")
            }
            load.stop()
            #expect(await running.accepted.count > 20)
        }
    }

    @Test func `While one is stopped, health and readiness are there at once, and the loop goes on`() async throws {
        try await MeteredGateway.running([.supervisor]) { test in
            let supervisor = test.gateway.supervisor
            let stopped = try #require(supervisor.workers["egress-support"])
            kill(stopped, SIGSTOP)
            async let slow = test.scrape(.supervisor)
            let begin = ContinuousClock.now
            #expect(try await test.page("/health", of: .supervisor).text == "ok\n")
            #expect(try await test.page("/ready", of: .supervisor).status == 200)
            let lines = supervisor.log.lines.count
            kill(try #require(supervisor.workers["ingress"]), SIGKILL)
            try await supervisor.line("worker ready", about: "ingress", from: lines)
            #expect(ContinuousClock.now - begin < .seconds(5))
            #expect(try await slow.status == 200)
            kill(stopped, SIGCONT)
        }
    }
}
