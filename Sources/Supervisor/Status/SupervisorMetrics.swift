import Prometheus
import Synchronization

/// The supervisor's metrics and its workers', as one text.
final class SupervisorMetrics: Sendable {
    /// What the names of the supervisor's own metrics begin with, which no worker's do.
    private static let ownPrefix = "whatsapp_supervisor_"

    private let registry: PrometheusRegistry
    private let latest = Mutex<WorkerScrape?>(nil)

    /// - Parameter registry: what the process shows beside what is told here.
    init(_ registry: PrometheusRegistry) {
        self.registry = registry
        registry.collect { [weak self] values in
            if let scrape = self?.latest.withLock({ $0 }) { Self.read(scrape, into: &values) }
        }
    }

    /// A whole exposition, the workers as this scrape has found them.
    func text(of scrape: WorkerScrape) -> [UInt8] {
        self.latest.withLock { $0 = scrape }
        var join = ExpositionJoin()
        let own = self.registry.text()
        do throws(ExpositionError) {
            join.add(try ScrapedExposition(reading: own, adding: nil))
        } catch {
            preconditionFailure("the registry has written what is no exposition: \(error)")
        }
        for case (_, .success(let metrics)) in scrape.workers { join.add(metrics, without: Self.ownPrefix) }
        return join.text
    }

    private static func read(_ scrape: WorkerScrape, into values: inout ScrapedValues) {
        let snapshot = scrape.snapshot
        for state in WorkerState.allCases {
            let count = snapshot.counted.count { $0.state == state }
            values.set(MetricFamilies.supervisorWorkers, to: Double(count), labels: [state.rawValue])
        }
        for (worker, metrics) in scrape.workers {
            let labels = [worker.name]
            values.set(MetricFamilies.supervisorWorkerReady, holds: worker.isReady, labels: labels)
            values.set(MetricFamilies.supervisorRestarts, to: Double(worker.restarts), labels: labels)
            values.set(MetricFamilies.supervisorScrapeSuccess, holds: metrics.isSuccess, labels: labels)
        }
        for failure in WorkerScrape.Failure.allCases {
            let count = scrape.failures[failure] ?? 0
            values.set(MetricFamilies.supervisorScrapeFailures, to: Double(count), labels: [failure.rawValue])
        }
        values.set(MetricFamilies.supervisorScrapeSeconds, to: scrape.time / .seconds(1))
        values.set(MetricFamilies.supervisorDroppedNotices, to: Double(snapshot.droppedNotices))
        values.set(MetricFamilies.supervisorReloadSuccessful, holds: snapshot.lastReload == .succeeded)
    }
}

extension Result {
    fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}
