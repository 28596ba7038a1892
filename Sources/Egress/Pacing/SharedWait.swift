/// A wait that calls share: a burst of refusals begins it once, each further refusal after it makes the next longer,
/// and a call that succeeds makes it short again.
struct SharedWait: Sendable {
    /// The end of the last wait; `nil` where there was none since the last success.
    private(set) var end: ContinuousClock.Instant?
    /// How long the last wait was.
    private(set) var length: Duration = .zero
    private var begun: ContinuousClock.Instant?
    private var delays: RetryDelays?
    private var retries = 0

    func isOver(at now: ContinuousClock.Instant) -> Bool {
        self.end.map { $0 <= now } ?? true
    }

    /// Begins a wait, or has the one that goes on last until the floor.
    ///
    /// - Parameters:
    ///   - callStarted: when the refused call was started. Calls from before the last wait began belong to its burst.
    /// - Returns: whether a wait has begun: `false` for the rest of a burst.
    mutating func begin(
        _ retry: GraphRetry, callStarted: ContinuousClock.Instant, at now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) -> Bool {
        if let begun = self.begun, callStarted <= begun {
            if let end = self.end, now + retry.atLeast > end { self.extend(to: now + retry.atLeast, from: now) }
            return false
        }
        if self.delays != retry.delays {
            self.delays = retry.delays
            self.retries = 0
        }
        let delay = retry.delays.draw(retry: self.retries, atLeast: retry.atLeast, using: &random)
        self.retries += 1
        self.begun = now
        self.extend(to: now + delay, from: now)
        return true
    }

    /// A call got through: the next wait is a first one again.
    mutating func succeeded(callStarted: ContinuousClock.Instant) {
        guard let begun = self.begun, callStarted > begun else { return }
        self.delays = nil
        self.retries = 0
        self.end = nil
        self.length = .zero
    }

    private mutating func extend(to end: ContinuousClock.Instant, from now: ContinuousClock.Instant) {
        self.end = end
        self.length = end - now
    }
}
