import CoreMetrics

/// Where the metrics of a process go.
package enum MetricsOutput {
    /// Makes the process' registry, with the process' own figures, that of all metrics made from now on; once a process.
    package static func bootstrap() -> PrometheusRegistry {
        let registry = PrometheusRegistry()
        let figures = ProcessFigures()
        registry.collect { figures.read(into: &$0) }
        MetricsSystem.bootstrap(registry)
        return registry
    }
}
