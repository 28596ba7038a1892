/// How a call is tried again: who waits with it, how long, and whether it costs an attempt.
struct GraphRetry: Hashable, Sendable {
    /// Who waits.
    enum Hold: Hashable, Sendable {
        /// This call, and what stands behind it in its recipient's order.
        case call
        /// The recipient pair.
        case pair
        /// Every call of the same kind: all that count for the number's rate, or all that do not.
        ///
        /// Sending and management calls have limits of their own, so neither holds up the other.
        case kind
        /// Every call of the account: Graph cannot be reached.
        case connection
    }

    let hold: Hold
    let delays: RetryDelays
    /// What Graph said to wait at least; zero where it said nothing.
    let atLeast: Duration
    /// Whether this try is one of the job's attempts; throttled and never written ones are not.
    let countsAsAttempt: Bool
    /// Whether the number has reached its throughput, so that its rate has to fall.
    let lowersRate: Bool
    /// Whether the same answer to several calls in a row means that it is about all of their kind.
    let maySpread: Bool

    init(
        hold: Hold, delays: RetryDelays, atLeast: Duration = .zero, countsAsAttempt: Bool, lowersRate: Bool = false,
        maySpread: Bool = false
    ) {
        self.hold = hold
        self.delays = delays
        // A wait told from outside: a day is longer than any limit of Meta's, and far from overflowing an instant.
        self.atLeast = min(max(atLeast, .zero), .seconds(86_400))
        self.countsAsAttempt = countsAsAttempt
        self.lowersRate = lowersRate
        self.maySpread = maySpread
    }

    /// The same, for every call of the same kind.
    var spread: GraphRetry {
        GraphRetry(hold: .kind, delays: self.delays, atLeast: self.atLeast, countsAsAttempt: self.countsAsAttempt)
    }

    /// For a call that was certainly not written: up to 0.1 s, 0.2 s, 0.4 s … up to 5 s, for the whole account.
    static let notWritten = GraphRetry(
        hold: .connection, delays: .doubling(from: .milliseconds(100), to: .seconds(5)), countsAsAttempt: false)

    /// For a call that may be done twice, after an outcome in doubt: up to 1 s, 2 s, 4 s … up to 60 s.
    static let inDoubt = GraphRetry(
        hold: .call, delays: .doubling(from: .seconds(1), to: .seconds(60)), countsAsAttempt: true)
}
