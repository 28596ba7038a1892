import Prometheus
import TestSupport
import Testing

@testable import Ingress

@Suite struct RequestMetricsTests {
    @Test func `Every answer there is has a series`() {
        let answers: [Answer] = [
            .ok, .badRequest, .unauthorized, .forbidden, .notFound, .methodNotAllowed(allowed: "GET"),
            .requestTimeout, .contentTooLarge, .expectationFailed, .headersTooLarge,
            .unavailable(retryAfterSeconds: 1), .versionNotSupported,
        ]
        let registry = PrometheusRegistry()
        let metrics = RequestMetrics(in: registry)
        for answer in answers {
            metrics.answered(RequestOutcome(kind: .webhook, status: answer.status, duration: .milliseconds(20)))
        }
        let text = MetricsText(registry.text())
        #expect(Answer.statuses == answers.map(\.status))
        for status in Answer.statuses {
            #expect(text["whatsapp_ingress_requests_total", ["status": "\(status)"]] == 1)
            #expect(text["whatsapp_ingress_request_seconds_sum", ["status": "\(status)"]] == 0.02)
        }
        #expect(text.sum(of: "whatsapp_ingress_requests_total") == Double(answers.count))
    }
}
