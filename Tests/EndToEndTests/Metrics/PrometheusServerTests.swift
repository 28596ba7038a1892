import Glibc
import TestSupport
import Testing

/// A real Prometheus that scrapes a real supervisor, with real traffic.
@Suite(
    .serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"),
    .enabled(if: PrometheusServer.isAvailable, "\(PrometheusServer.absence)"))
struct PrometheusServerTests {
    @Test func `What it has taken in is what was done, and the alerts say what they are there for`() async throws {
        try await MeteredGateway.running([.supervisor]) {
            // Stopped long enough to be missed in two scrapes.
            $0.further["SUPERVISOR_WATCHDOG_MS"] = "60000"
        } body: { test in
            let gateway = test.gateway
            let prometheus = try await PrometheusServer.start(
                scraping: ["whatsapp-supervisor": test.address(.supervisor)])
            for number in 1...5 {
                #expect(try await gateway.post(WebhookBody.text(id: "wamid.\(number)")).status == 200)
            }
            #expect(try await gateway.post(Array("{}".utf8), signature: nil).status == 401)
            for account in gateway.settings.accounts {
                for _ in 0..<3 {
                    _ = try await gateway.request("sendMessage", #"{"to":"447700900123","text":"hello"}"#, of: account)
                }
            }
            // Every fact by the query that a dashboard asks.
            let expected: [(query: String, values: [String: Double])] = [
                (#"up{job="whatsapp-supervisor"}"#, ["whatsapp-supervisor": 1]),
                ("sum by (status) (whatsapp_ingress_requests_total) > 0", ["200": 5, "401": 1]),
                (
                    #"sum by (account) (whatsapp_ingress_events_total{kind="message"})"#,
                    ["my_account": 5, "support": 0]
                ),
                (
                    #"sum by (account, lane, outcome) (whatsapp_egress_sends_total) > 0"#,
                    ["my_account,request,sent": 3, "support,request,sent": 3]
                ),
                ("sum by (account) (whatsapp_egress_graph_seconds_count)", ["my_account": 3, "support": 3]),
                (
                    "sum by (worker) (whatsapp_supervisor_worker_ready)",
                    ["ingress": 1, "egress-my_account": 1, "egress-support": 1]
                ),
                (#"whatsapp_supervisor_workers{state="ready"}"#, ["whatsapp-supervisor,ready": 3]),
                ("count(process_resident_memory_bytes > 1e6)", ["": 4]),
            ]
            for (query, values) in expected {
                var last: [String: Double] = [:]
                do {
                    try await eventually(query, within: .seconds(20)) {
                        last = try await prometheus.query(query)
                        return last == values
                    }
                } catch {
                    Issue.record("\(query): \(last), not \(values)")
                }
            }
            #expect(try await prometheus.query(#"ALERTS{alertname!="WhatsAppSignaturesRefused"}"#) == [:])
            try await self.stopOne(test, prometheus)
            let groups = try await prometheus.ask("rules")["groups"]
            for group in groups?.elements ?? [] {
                for rule in group["rules"]?.elements ?? [] { #expect(rule["health"] == .string("ok"), "\(rule)") }
            }
            #expect(groups?.elements.count == 4)
            #expect(prometheus.log.filter { $0.contains("level=error") || $0.contains("level=warn") } == [])
        }
    }

    /// A worker that is stopped is missing, and is told of; the scrape of all others goes on.
    private func stopOne(_ test: MeteredGateway, _ prometheus: PrometheusServer) async throws {
        let stopped = try #require(test.gateway.supervisor.workers["egress-support"])
        kill(stopped, SIGSTOP)
        try await eventually("the stopped worker is missing", within: .seconds(20)) {
            try await prometheus.query("whatsapp_supervisor_worker_scrape_success == 0").count == 1
        }
        #expect(try await prometheus.query("up") == ["whatsapp-supervisor": 1])
        #expect(try await prometheus.query(#"count(whatsapp_nats_connected)"#) == ["": 2])
        try await eventually("an alert is pending", within: .seconds(20)) {
            try await prometheus.query(#"ALERTS{alertname="WhatsAppWorkerNotScraped"}"#).count == 1
        }
        kill(stopped, SIGCONT)
        try await eventually("the worker is back", within: .seconds(20)) {
            try await prometheus.query("whatsapp_supervisor_worker_scrape_success == 1").count == 3
        }
    }
}
