import CoreMetrics

/// Amounts on their way to their counters.
struct EventTally: Sendable {
    /// So many counters back one is looked for that has an amount already: those of one account.
    private static let reach = 8

    private var amounts: [(counter: Counter, count: Int64)] = []

    mutating func add(_ count: Int64, to counter: Counter) {
        let recent = self.amounts.suffix(Self.reach)
        if let index = recent.lastIndex(where: { $0.counter === counter }) {
            self.amounts[index].count += count
        } else {
            self.amounts.append((counter, count))
        }
    }

    /// Counts; to be called once.
    func count() {
        for (counter, count) in self.amounts { counter.increment(by: count) }
    }
}
