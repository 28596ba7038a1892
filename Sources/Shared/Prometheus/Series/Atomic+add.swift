import Synchronization

extension Atomic<Double> {
    /// Adds; the same as an atomic addition where nobody else adds at that moment.
    func add(_ amount: Double) {
        var current = self.load(ordering: .relaxed)
        while true {
            let (exchanged, original) = self.weakCompareExchange(
                expected: current, desired: current + amount, ordering: .relaxed)
            if exchanged { return }
            current = original
        }
    }
}
