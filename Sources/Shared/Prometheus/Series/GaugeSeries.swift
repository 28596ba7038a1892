import CoreMetrics
import Synchronization

/// A gauge: a meter, or a recorder that does not aggregate and so shows what was recorded last.
final class GaugeSeries: MeterHandler, RecorderHandler {
    private let level = Atomic<Double>(0)

    func set(_ value: Int64) { self.set(Double(value)) }
    func set(_ value: Double) { self.level.store(value, ordering: .relaxed) }
    func increment(by amount: Double) { self.level.add(amount) }
    func decrement(by amount: Double) { self.level.add(-amount) }
    func record(_ value: Int64) { self.set(Double(value)) }
    func record(_ value: Double) { self.set(value) }

    var value: Double { self.level.load(ordering: .relaxed) }
}
