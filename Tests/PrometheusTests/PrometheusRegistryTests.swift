import CoreMetrics
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
}
