import Addressing
import Prometheus
import TestSupport
import Testing

@testable import Egress

@Suite struct AccountMetricsTests {
    private let registry = PrometheusRegistry()
    private let metrics: AccountMetrics

    init() throws {
        self.metrics = AccountMetrics(of: try #require(AccountName("shop")), in: self.registry)
    }

    private var text: MetricsText { MetricsText(self.registry.text()) }

    private func sends(_ action: String, _ lane: String, _ outcome: String) -> Double? {
        self.text[
            "whatsapp_egress_sends_total",
            ["account": "shop", "action": action, "lane": lane, "outcome": outcome]]
    }

    @Test func `Every action has a place of its own`() {
        #expect(Action.allCases.map(\.number) == Array(Action.allCases.indices))
    }

    @Test func `The outcomes of sendMessage are there with 0, on both lanes`() {
        let sends = self.text.samples.filter { $0.key.hasPrefix("whatsapp_egress_sends_total{") }
        #expect(sends.count == 14 && sends.values.allSatisfy { $0 == 0 })
        #expect(self.sends("sendMessage", "request", "overloaded") == 0)
        #expect(self.sends("sendMessage", "queue", "expired") == 0)
        #expect(self.text["whatsapp_egress_graph_seconds_count", ["account": "shop"]] == 0)
        #expect(self.text["whatsapp_egress_held_full_total", ["account": "shop"]] == 0)
    }

    @Test(arguments: SendLane.allCases, Action.allCases.map { $0 as Action? } + [nil])
    func `Each outcome of each action counts for itself`(lane: SendLane, action: Action?) {
        for (index, outcome) in SendOutcome.possible(on: lane).enumerated() {
            for _ in 0...index { self.metrics.ended(action, lane, outcome) }
        }
        for (index, outcome) in SendOutcome.possible(on: lane).enumerated() {
            #expect(self.sends(action?.rawValue ?? "unknown", "\(lane)", "\(outcome)") == Double(index + 1))
        }
    }

    @Test func `What a lane cannot come to is not counted`() {
        self.metrics.ended(.sendMessage, .queue, .overloaded)
        self.metrics.ended(.sendMessage, .request, .expired)
        #expect(self.text.sum(of: "whatsapp_egress_sends_total") == 0)
    }

    @Test func `Each outcome belongs to a lane`() {
        #expect(Set(SendLane.allCases.flatMap(SendOutcome.possible)) == Set(SendOutcome.allCases))
    }

    @Test func `Counts of many threads at once are all there`() async {
        let metrics = self.metrics
        await withDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<2000 { metrics.ended(.typing, .request, .sent) } }
            }
        }
        #expect(self.sends("typing", "request", "sent") == 16_000)
    }

    @Test func `Calls are timed in seconds`() {
        self.metrics.called(for: .milliseconds(30))
        self.metrics.called(for: .seconds(31))
        let name = "whatsapp_egress_graph_seconds"
        #expect(self.text["\(name)_bucket", ["account": "shop", "le": "0.05"]] == 1)
        #expect(self.text["\(name)_bucket", ["account": "shop", "le": "30"]] == 1)
        #expect(self.text["\(name)_count", ["account": "shop"]] == 2)
    }
}
