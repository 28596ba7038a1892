import CoreMetrics
import TestSupport
import Testing

@testable import Prometheus

@Suite struct PrometheusRegistryTests {
    private static func text(_ registry: PrometheusRegistry) -> String {
        String(decoding: registry.text(), as: UTF8.self)
    }

    @Test func `A counter that was made and never counted is there with 0`() {
        let registry = PrometheusRegistry()
        _ = MetricFamilies.ingressRequests.counter(["200"], in: registry)
        let name = "whatsapp_ingress_requests_total"
        #expect(
            Self.text(registry) == """
                # HELP \(name) HTTP requests answered, by HTTP status
                # TYPE \(name) counter
                \(name){status="200"} 0

                """)
    }

    @Test func `Without a metric there is no text`() {
        #expect(PrometheusRegistry().text().isEmpty)
    }

    @Test func `Each instrument has its type`() {
        let registry = PrometheusRegistry()
        Counter(label: "a", factory: registry).increment(by: 3)
        FloatingPointCounter(label: "b", factory: registry).increment(by: 1.5)
        Meter(label: "c", factory: registry).set(-2)
        Recorder(label: "d", dimensions: [], aggregate: false, factory: registry).record(7)
        Recorder(label: "e", dimensions: [], aggregate: true, factory: registry).record(7)
        Timer(label: "f", dimensions: [], factory: registry).recordMilliseconds(20)
        let metrics = MetricsText(registry.text())
        #expect(
            metrics.families.mapValues(\.type) == [
                "a": "counter", "b": "counter", "c": "gauge", "d": "gauge", "e": "histogram", "f": "histogram",
            ])
        #expect(metrics["a"] == 3 && metrics["b"] == 1.5 && metrics["c"] == -2 && metrics["d"] == 7)
        #expect(metrics["e_sum"] == 7 && metrics["f_sum"] == 0.02 && metrics["f_count"] == 1)
    }

    @Test func `A metric made again is the same one, whatever the order of its labels`() {
        let registry = PrometheusRegistry()
        Counter(label: "a", dimensions: [("x", "1"), ("y", "2")], factory: registry).increment()
        Counter(label: "a", dimensions: [("y", "2"), ("x", "1")], factory: registry).increment()
        let metrics = MetricsText(registry.text())
        #expect(metrics.samples == [#"a{x="1",y="2"}"#: 2])
    }

    @Test func `A name that is another type's already is not shown, and harms nobody`() {
        let registry = PrometheusRegistry()
        Counter(label: "a", factory: registry).increment()
        Meter(label: "a", factory: registry).set(99)
        Timer(label: "a", dimensions: [("x", "1")], factory: registry).recordSeconds(1)
        #expect(MetricsText(registry.text()).samples == ["a": 1])
    }

    @Test func `Counters do not go down, and begin anew when they are reset`() {
        let registry = PrometheusRegistry()
        let whole = Counter(label: "a", factory: registry)
        let fractional = FloatingPointCounter(label: "b", factory: registry)
        whole.increment(by: 5)
        whole.increment(by: -3)
        fractional.increment(by: 2.5)
        fractional.increment(by: -1.0)
        #expect(MetricsText(registry.text()).samples == ["a": 5, "b": 2.5])
        whole.reset()
        fractional.reset()
        #expect(MetricsText(registry.text()).samples == ["a": 0, "b": 0])
    }

    @Test func `A meter goes up and down`() {
        let registry = PrometheusRegistry()
        let meter = Meter(label: "a", factory: registry)
        meter.set(2.5)
        meter.increment(by: 1.0)
        meter.decrement(by: 5.0)
        #expect(MetricsText(registry.text()).samples == ["a": -1.5])
    }

    @Test func `A metric that is destroyed is gone, and its neighbours stay`() {
        let registry = PrometheusRegistry()
        let counters = ["1", "2"].map { Counter(label: "a", dimensions: [("x", $0)], factory: registry) }
        let timer = Timer(label: "b", dimensions: [], factory: registry)
        counters[0].destroy()
        timer.destroy()
        #expect(Self.text(registry) == "# HELP a Not described\n# TYPE a counter\na{x=\"2\"} 0\n")
    }

    @Test func `Families and series are sorted, each family with one HELP and one TYPE`() {
        let registry = PrometheusRegistry()
        for (name, value) in [("b", "2"), ("a", "9"), ("b", "1"), ("a", "10")] {
            _ = Counter(label: name, dimensions: [("x", value)], factory: registry)
        }
        let lines = Self.text(registry).split(separator: "\n")
        #expect(
            lines == [
                "# HELP a Not described", "# TYPE a counter", #"a{x="10"} 0"#, #"a{x="9"} 0"#,
                "# HELP b Not described", "# TYPE b counter", #"b{x="1"} 0"#, #"b{x="2"} 0"#,
            ])
        #expect(registry.text() == registry.text())
    }

    @Test func `What is collected is read at each scrape, and stands beside what is counted`() {
        let registry = PrometheusRegistry()
        let level = Watched(1.0)
        registry.collect { values in
            values.set(MetricFamilies.egressHeld, to: level.current, labels: ["shop"])
            values.set(MetricFamilies.natsReconnects, to: 4)
            values.set(MetricFamilies.natsConnected, holds: true)
        }
        _ = Meter(label: "whatsapp_egress_held", dimensions: [("account", "desk")], factory: registry)
        #expect(MetricsText(registry.text())["whatsapp_egress_held", ["account": "shop"]] == 1)
        level.update { $0 = 2.5 }
        let metrics = MetricsText(registry.text())
        #expect(
            metrics.samples == [
                #"whatsapp_egress_held{account="desk"}"#: 0, #"whatsapp_egress_held{account="shop"}"#: 2.5,
                "whatsapp_nats_connected": 1, "whatsapp_nats_reconnects_total": 4,
            ])
        #expect(metrics.families["whatsapp_nats_reconnects_total"]?.type == "counter")
        #expect(metrics.families["whatsapp_egress_held"]?.type == "gauge")
    }

    @Test func `What many threads count at once is all there`() async {
        let registry = PrometheusRegistry()
        await withDiscardingTaskGroup { group in
            for thread in 0..<8 {
                group.addTask {
                    let counter = Counter(label: "a", factory: registry)
                    let fractions = FloatingPointCounter(label: "b", factory: registry)
                    let timer = Timer(label: "c", dimensions: [("thread", "\(thread % 2)")], factory: registry)
                    for _ in 0..<5000 {
                        counter.increment()
                        fractions.increment(by: 0.5)
                        timer.recordNanoseconds(1_000_000_000)
                    }
                    _ = registry.text()
                }
            }
        }
        let metrics = MetricsText(registry.text())
        #expect(metrics["a"] == 40_000 && metrics["b"] == 20_000)
        for thread in ["0", "1"] {
            #expect(metrics["c_count", ["thread": thread]] == 20_000 && metrics["c_sum", ["thread": thread]] == 20_000)
        }
    }
}
