import CoreMetrics
import Synchronization

/// A histogram with fixed buckets: a timer in seconds, or a recorder that aggregates.
///
/// An observation is a search for its bucket and two additions.
final class HistogramSeries: TimerHandler, RecorderHandler {
    /// Upper bounds, included, ascending; what is above the last has a bucket of its own.
    let bounds: [Double]
    private let buckets: [Bucket]
    private let sum = Atomic<Double>(0)

    private final class Bucket: Sendable {
        let count = Atomic<Int64>(0)
    }

    /// What has been observed up to now.
    struct Reading {
        /// Observations in each bucket alone, the one without a bound last.
        let counts: [Int64]
        let sum: Double
    }

    init(bounds: [Double]) {
        self.bounds = bounds
        self.buckets = (0...bounds.count).map { _ in Bucket() }
    }

    func recordNanoseconds(_ duration: Int64) { self.record(Double(max(duration, 0)) / 1e9) }

    func record(_ value: Int64) { self.record(Double(value)) }

    /// What is no number is not observed.
    func record(_ value: Double) {
        guard !value.isNaN else { return }
        var index = 0
        while index < self.bounds.count, value > self.bounds[index] { index += 1 }
        self.buckets[index].count.wrappingAdd(1, ordering: .relaxed)
        self.sum.add(value)
    }

    var reading: Reading {
        Reading(
            counts: self.buckets.map { $0.count.load(ordering: .relaxed) }, sum: self.sum.load(ordering: .relaxed))
    }
}
