import Addressing
import Prometheus
import TestSupport
import Testing

@testable import Ingress

@Suite struct EventMetricsTests {
    private let registry = PrometheusRegistry()
    private let metrics: EventMetrics

    init() throws {
        self.metrics = EventMetrics([try #require(AccountName("my_account"))], in: self.registry)
    }

    private func count(_ kind: String, _ account: String = "my_account") -> Double? {
        MetricsText(self.registry.text())["whatsapp_ingress_events_total", ["account": account, "kind": kind]]
    }

    @Test func `Every kind of every account is there with 0`() {
        for kind in ["webhook", "message", "message_type", "status", "error", "field"] {
            #expect(self.count(kind) == 0)
        }
        #expect(self.count("field", "") == 0 && self.count("unrouted", "") == 0)
        #expect(self.count("unrouted") == nil && self.count("message", "") == nil)
    }

    @Test func `Events are counted by kind and account, when they are to be`() throws {
        let body = TestWebhook.body(
            entries: TestWebhook.entry(
                TestWebhook.change(#""messages":[{"id":"a"},{"id":"b"}],"statuses":[{"id":"c"}]"#),
                TestWebhook.change(of: "1")))
        let tally = self.metrics.tally(of: try TestWebhook.read(body))
        #expect(self.count("webhook") == 0)
        tally.count()
        #expect(self.count("webhook") == 1 && self.count("message") == 2 && self.count("message_type") == 2)
        #expect(self.count("status") == 1 && self.count("unrouted", "") == 1)
    }

    @Test func `Copies that were left out count for their account, and another product's webhooks`() {
        var webhook = WebhookEvents()
        webhook.omittedCopies = [AccountName("my_account")!: 3, AccountName("unknown")!: 5]
        webhook.foreignObject = "instagram"
        self.metrics.tally(of: webhook).count()
        let metrics = MetricsText(self.registry.text())
        #expect(metrics["whatsapp_ingress_webhook_omitted_total", ["account": "my_account"]] == 3)
        #expect(metrics.sum(of: "whatsapp_ingress_webhook_omitted_total") == 3)
        #expect(metrics["whatsapp_ingress_foreign_objects_total"] == 1)
    }

    @Test func `Those that follow one another count on`() throws {
        let webhook = try TestWebhook.read(TestWebhook.body(entries: TestWebhook.entry(TestWebhook.change())))
        self.metrics.tally(of: webhook).count()
        let next = EventMetrics([try #require(AccountName("other"))], in: self.registry)
        #expect(self.count("webhook") == 1 && self.count("webhook", "other") == 0)
        next.tally(of: webhook).count()
        let last = EventMetrics([try #require(AccountName("my_account"))], in: self.registry)
        last.tally(of: webhook).count()
        #expect(self.count("webhook") == 2)
    }
}
