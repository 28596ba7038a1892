import CoreMetrics
import Prometheus

/// Counts answered requests and their times, by HTTP status.
struct RequestMetrics: Sendable {
    private struct Series: Sendable {
        let requests: Counter
        let seconds: Timer
    }

    /// By the status' distance from 100; nil where nothing is answered so.
    private let series: [Series?]

    init(in factory: any MetricsFactory) {
        var series = [Series?](repeating: nil, count: 500)
        for status in Answer.statuses {
            series[status - 100] = Series(
                requests: MetricFamilies.ingressRequests.counter(["\(status)"], in: factory),
                seconds: MetricFamilies.ingressRequestSeconds.timer(["\(status)"], in: factory))
        }
        self.series = series
    }

    /// Counts an answered request; on any thread.
    func answered(_ outcome: RequestOutcome) {
        guard let series = self.series[outcome.status - 100] else { return }
        series.requests.increment()
        series.seconds.observe(outcome.duration)
    }
}
