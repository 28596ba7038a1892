/// How many sends were accepted in the last second, counted in tenths of it.
struct AcceptedRate: Sendable {
    private static let tenths = 10

    private let start: ContinuousClock.Instant
    private var counts = Array(repeating: 0, count: Self.tenths + 1)
    /// The tenth of a second, counted from `start`, that the last count was made in.
    private var latest = 0

    init(at now: ContinuousClock.Instant) {
        self.start = now
    }

    /// One was accepted.
    mutating func count(at now: ContinuousClock.Instant) {
        self.advance(to: now)
        self.counts[self.latest % self.counts.count] += 1
    }

    /// Those of the last ten whole tenths; `nil` where one of them had none, so that they show no steady rate.
    mutating func perSecond(at now: ContinuousClock.Instant) -> Double? {
        self.advance(to: now)
        var sum = 0
        for tenth in 1...Self.tenths {
            let count = self.counts[(self.latest + tenth) % self.counts.count]
            guard count > 0 else { return nil }
            sum += count
        }
        return Double(sum)
    }

    private mutating func advance(to now: ContinuousClock.Instant) {
        let tenth = Int((now - self.start) / .milliseconds(100))
        guard tenth > self.latest else { return }
        for passed in max(self.latest + 1, tenth - Self.tenths)...tenth { self.counts[passed % self.counts.count] = 0 }
        self.latest = tenth
    }
}
