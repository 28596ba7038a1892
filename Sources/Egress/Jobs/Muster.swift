/// The jobs that are there when a lane is taken over, until all of them have come: a value.
///
/// They are sent in the order of the stream, so none is sent before it is known that none is missing.
struct Muster: Sendable {
    /// Without a delivery for so long, nothing more is on its way.
    static let silence = Duration.seconds(1)

    private(set) var jobs: [Job] = []
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

    /// Those that have come, in the order of the stream.
    mutating func take() -> [Job] {
        defer { self.jobs = [] }
        return self.jobs.sorted { $0.sequence < $1.sequence }
    }
}
