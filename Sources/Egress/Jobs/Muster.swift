/// The jobs that are there when a lane is taken over, until all of them have come: a value.
///
/// They are sent in the order of the stream, so none is sent before it is known that none is missing.
struct Muster: Sendable {
    /// Without a delivery for so long, nothing more is on its way.
    static let silence = Duration.seconds(1)

    private var jobs: [Job] = []
    /// Those that are taken next, in the order of the stream.
    private var ordered: ArraySlice<Job> = []
    /// How many are still to be delivered, as the server said last.
    private(set) var missing: Int
    private var latest: ContinuousClock.Instant

    /// - Parameter missing: what the server says of the consumer that it has just made.
    init(missing: Int, at now: ContinuousClock.Instant) {
        self.missing = missing
        self.latest = now
    }

    /// A job has come that was not held before; `nil`: one that was.
    mutating func arrived(_ job: Job?, missing: Int, at now: ContinuousClock.Instant) {
        if let job { self.jobs.append(job) }
        self.missing = missing
        self.latest = now
    }

    /// When the server's silence means that it does not deliver what is missing.
    var silentFrom: ContinuousClock.Instant { self.latest + Self.silence }

    /// Some of those that have come, in the order of the stream; what comes after the first were taken is behind them.
    ///
    /// - Returns: none when none is left.
    mutating func take(atMost count: Int) -> ArraySlice<Job> {
        if self.ordered.isEmpty {
            self.ordered = self.jobs.sorted { $0.sequence < $1.sequence }[...]
            self.jobs = []
        }
        defer { self.ordered = self.ordered.dropFirst(count) }
        return self.ordered.prefix(count)
    }
}
