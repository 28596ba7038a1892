/// Counts what passed within the last second; lets through so many and no more.
struct RateWindow: Sendable {
    private var passed: [Duration] = []
    private var first = 0

    init() {}

    /// Whether one more may pass at this moment; if so it is counted.
    mutating func pass(at now: Duration, limit: Int) -> Bool {
        while self.first < self.passed.count, self.passed[self.first] <= now - .seconds(1) { self.first += 1 }
        if self.first > 4_096, self.first > self.passed.count / 2 {
            self.passed.removeFirst(self.first)
            self.first = 0
        }
        guard self.passed.count - self.first < limit else { return false }
        self.passed.append(now)
        return true
    }
}

/// Lets so many through at once, then one an interval: a bucket that is borrowed from the future.
struct PairBucket: Sendable {
    /// When it is full again.
    private(set) var fullAt: Duration = .zero

    init() {}

    /// Whether one more may pass at this moment; if so it is counted.
    mutating func pass(at now: Duration, rate: SimulatorFaults.PairRate) -> Bool {
        let start = max(self.fullAt, now)
        guard start - now <= rate.interval * (rate.burst - 1) else { return false }
        self.fullAt = start + rate.interval
        return true
    }
}
