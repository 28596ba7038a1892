/// Meta's limits on how fast messages may come.
struct Throttling: Sendable {
    private var windows: [String: RateWindow] = [:]
    private var pairs: [String: PairBucket] = [:]

    init() {}

    /// Counts a message against its number's and its pair's rate, as far as the faults limit them.
    ///
    /// - Throws: 130429 or 131056 when it is one too many.
    mutating func count(
        _ message: SentMessage, of phoneNumberID: String, _ faults: SimulatorFaults, at now: Duration
    ) throws(GraphRefusal) {
        if let limit = faults.messagesPerSecond {
            let passes = self.windows[phoneNumberID, default: RateWindow()].pass(at: now, limit: limit)
            guard passes else { throw faults.throttlingRefusal(130429) }
        }
        if let rate = faults.pairRate {
            if self.pairs.count > 100_000 { self.pairs = self.pairs.filter { $0.value.fullAt > now } }
            let pair = "\(phoneNumberID) \(message.whatsAppID ?? message.recipient ?? "")"
            let passes = self.pairs[pair, default: PairBucket()].pass(at: now, rate: rate)
            guard passes else { throw faults.throttlingRefusal(131056) }
        }
    }
}

extension SimulatorFaults {
    fileprivate func throttlingRefusal(_ code: Int) -> GraphRefusal {
        var refusal = GraphRefusal.standard(code, status: self.throttlingStatus)
        refusal.retryAfter = self.retryAfter
        return refusal
    }
}

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
