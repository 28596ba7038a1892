import CoreMetrics
import Synchronization

/// A counter: whole increments and fractions apart, each in one atomic.
final class CounterSeries: CounterHandler, FloatingPointCounterHandler {
    private let whole = Atomic<Int64>(0)
    private let fractional = Atomic<Double>(0)

    /// What goes down is no counter: a negative amount changes nothing.
    func increment(by amount: Int64) {
        if amount > 0 { self.whole.wrappingAdd(amount, ordering: .relaxed) }
    }

    func increment(by amount: Double) {
        if amount > 0 { self.fractional.add(amount) }
    }

    func reset() {
        self.whole.store(0, ordering: .relaxed)
        self.fractional.store(0, ordering: .relaxed)
    }

    var value: Double {
        Double(self.whole.load(ordering: .relaxed)) + self.fractional.load(ordering: .relaxed)
    }
}
