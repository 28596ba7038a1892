/// A rate limit that lets a short burst pass: a tenth of a second's worth unless it is told otherwise, at least one.
///
/// At 80 a second: 8 at once, then one each 12.5 ms.
struct TokenBucket: Sendable {
    /// How much time's worth may gather.
    static let burst = Duration.milliseconds(100)

    private(set) var perSecond: Double
    private var capacity: Double
    private var tokens: Double
    private var filledAt: ContinuousClock.Instant

    /// A full bucket.
    init(perSecond: Double, at now: ContinuousClock.Instant) {
        self.perSecond = perSecond
        self.capacity = Self.capacity(perSecond, Self.burst)
        self.tokens = self.capacity
        self.filledAt = now
    }

    private static func capacity(_ perSecond: Double, _ burst: Duration) -> Double {
        max(1, perSecond * (burst / .seconds(1)))
    }

    /// Changes the rate from now on; what has gathered until now stays, as far as it fits.
    mutating func change(perSecond: Double, burst: Duration = Self.burst, at now: ContinuousClock.Instant) {
        self.fill(at: now)
        self.perSecond = perSecond
        self.capacity = Self.capacity(perSecond, burst)
        self.tokens = min(self.tokens, self.capacity)
    }

    /// Takes one, if there is one.
    mutating func take(at now: ContinuousClock.Instant) -> Bool {
        self.fill(at: now)
        // The slack is for rounding alone: what it grants early is owed, so nothing adds up.
        guard self.tokens >= 1 - Self.slack else { return false }
        self.tokens -= 1
        return true
    }

    /// When the next one can be taken; an instant that is over where it can be taken now.
    var nextTake: ContinuousClock.Instant {
        guard self.tokens < 1 - Self.slack else { return self.filledAt }
        // A nanosecond more, so that the token is there then, however the division was rounded.
        return self.filledAt + .seconds(1) * ((1 - self.tokens) / self.perSecond) + .nanoseconds(1)
    }

    private static let slack = 1e-6

    private mutating func fill(at now: ContinuousClock.Instant) {
        guard now > self.filledAt else { return }
        self.tokens = min(self.capacity, self.tokens + (now - self.filledAt) / .seconds(1) * self.perSecond)
        self.filledAt = now
    }
}
