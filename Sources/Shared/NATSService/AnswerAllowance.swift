/// How much a service may say about itself: a flood of questions must not take the connection from requests.
struct AnswerAllowance: Sendable {
    /// In bytes, a second: a thousand pings, or a look at some thousand endpoints.
    static let rate = 1024 * 1024.0
    /// In bytes: what may be said at once.
    static let capacity = 2 * 1024 * 1024.0
    /// What a small answer counts, in bytes: it has to be read, made and written too.
    static let leastCost = 1024.0

    private var balance = Self.capacity
    private var last: ContinuousClock.Instant

    init(at now: ContinuousClock.Instant) {
        self.last = now
    }

    /// Whether another answer may be given; a large one is, and is paid off before the next.
    mutating func allows(at now: ContinuousClock.Instant) -> Bool {
        let elapsed = max(0, (now - self.last) / .seconds(1))
        self.balance = min(Self.capacity, self.balance + elapsed * Self.rate)
        self.last = now
        return self.balance > 0
    }

    mutating func spend(_ bytes: Int) {
        self.balance -= max(Self.leastCost, Double(bytes))
    }
}
