package import CoreMetrics
import Synchronization

/// Every metric of a process, shown in the Prometheus text format.
///
/// Counters of swift-metrics are counters; meters, and recorders that do not aggregate, are gauges; timers are histograms
/// of seconds, and recorders that aggregate are histograms. A metric made again with the same labels is the same one.
package final class PrometheusRegistry: MetricsFactory, Sendable {
    private let state = Mutex(State())

    private struct State {
        var families: [String: SeriesFamily] = [:]
        var collectors: [@Sendable (inout ScrapedValues) -> Void] = []
    }

    package init() {}

    /// Has values read at each scrape: what others keep count of anyway, and what is a fact of the moment.
    ///
    /// swift-metrics has no instrument that is asked, so these go past it.
    ///
    /// - Parameter read: called for each scrape, on any thread; must not block.
    package func collect(_ read: @escaping @Sendable (inout ScrapedValues) -> Void) {
        self.state.withLock { $0.collectors.append(read) }
    }

    /// A whole exposition, sorted by name and labels; ends with a line feed unless it is empty.
    package func text() -> [UInt8] {
        let (made, collectors) = self.state.withLock { ($0.families, $0.collectors) }
        var scraped = ScrapedValues()
        for collect in collectors { collect(&scraped) }
        var families = made
        for (name, type) in scraped.types where families[name] == nil { families[name] = SeriesFamily(name, type) }
        var exposition = Exposition()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            family.write(with: scraped.samples[name] ?? [:], to: &exposition)
        }
        return exposition.bytes
    }

    // MARK: What swift-metrics asks for

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        self.series(label, dimensions) { _ in CounterSeries() }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        self.series(label, dimensions) { _ in CounterSeries() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        self.series(label, dimensions) { _ in GaugeSeries() }
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate { return self.series(label, dimensions) { HistogramSeries(bounds: $0) } }
        return self.series(label, dimensions) { _ in GaugeSeries() }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        self.series(label, dimensions) { HistogramSeries(bounds: $0) }
    }

    package func destroyCounter(_ handler: any CounterHandler) { self.remove(handler) }
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { self.remove(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { self.remove(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { self.remove(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { self.remove(handler) }

    // MARK: Series

    /// - Parameter make: makes a series; the bounds are the declared ones, or those of seconds where none are.
    private func series<Series: PrintedSeries>(
        _ label: String, _ dimensions: [(String, String)], _ make: ([Double]) -> Series
    ) -> Series {
        let name = MetricName.family(label)
        let labels = LabelText(dimensions)
        return self.state.withLock { state in
            state.families[name, default: SeriesFamily(name, Series.type)].series(labels) {
                make(MetricFamilies.named(name)?.bounds ?? Self.defaultBounds)
            }
        }
    }

    private func remove(_ handler: AnyObject) {
        self.state.withLock { state in
            for name in state.families.keys where state.families[name]?.remove(handler) == true { return }
        }
    }

    private static let defaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
}
