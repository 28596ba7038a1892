/// The waiting between attempts, as a value: it doubles from `first` to `longest`, each time shortened by up to a fifth
/// at random, so that many who wait for one thing do not all come at once.
///
/// With `first` 0.5 s, `longest` 30 s and `firstAtOnce`: 0, 0.5 s, 1 s, 2 s, 4 s, 8 s, 16 s, 30 s, 30 s …
package struct Backoff: Sendable, Hashable {
    package let first: Duration
    package let longest: Duration
    /// Whether the first attempt after a reset waits for nothing.
    package let firstAtOnce: Bool
    /// Attempts since the last reset, up to where the longest waiting is reached.
    private var attempts = 0

    package init(first: Duration, longest: Duration, firstAtOnce: Bool = false) {
        self.first = max(first, .milliseconds(1))
        self.longest = max(self.first, longest)
        self.firstAtOnce = firstAtOnce
    }

    /// How long to wait before the next attempt.
    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let delay = self.steady
        if delay < self.longest { self.attempts += 1 }
        return delay * Double.random(in: 0.8...1, using: &generator)
    }

    /// Goes on with the longest waiting at once.
    package mutating func skipToLongest() {
        while self.steady < self.longest { self.attempts += 1 }
    }

    /// Begins again with the shortest waiting.
    package mutating func reset() {
        self.attempts = 0
    }

    /// The next waiting, not shortened.
    private var steady: Duration {
        var doublings = self.attempts
        if self.firstAtOnce {
            guard doublings > 0 else { return .zero }
            doublings -= 1
        }
        var delay = self.first
        while doublings > 0, delay < self.longest {
            delay *= 2
            doublings -= 1
        }
        return min(delay, self.longest)
    }
}
