import Prometheus
import Settings

/// What all workers show of their metrics at a moment.
struct WorkerScrape: Sendable {
    /// Why a worker is missing; the raw value is a metric's label.
    enum Failure: String, Error, CaseIterable, Sendable {
        /// It has no process.
        case notRunning = "not_running"
        case unreachable, timeout, malformed
        case tooLarge = "too_large"

        init(_ failure: AskFailure) {
            self =
                switch failure {
                case .unreachable: .unreachable
                case .timeout: .timeout
                case .tooLarge: .tooLarge
                case .malformed: .malformed
                }
        }
    }

    /// As it was when the workers had been asked.
    let snapshot: SupervisorSnapshot
    /// Of each name one, in the order in which they were added.
    let workers: [(worker: WorkerSnapshot, metrics: Result<ScrapedExposition, Failure>)]
    /// How long it took.
    let time: Duration
    /// How many workers have been missing so far, by reason.
    let failures: [Failure: Int]

    /// The messages or webhooks that a worker is busy with; nil where it did not say.
    func inFlight(_ worker: WorkerSnapshot) -> Int? {
        guard let found = self.workers.first(where: { $0.worker.id == worker.id }),
            case .success(let metrics) = found.metrics
        else { return nil }
        let family = worker.component == .ingress ? MetricFamilies.ingressInFlight : MetricFamilies.egressInFlight
        return metrics.total(of: family.name).flatMap { Int(exactly: $0.rounded()) }
    }
}
