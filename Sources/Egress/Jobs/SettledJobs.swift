import NATSClient

/// The jobs of an account that were acked lately, so that one that comes again is known: a value.
///
/// nats-server takes what is acked out of its store at once, but writes that down seconds later: a server that crashes
/// brings it back. nats-server 2.9.10 brings back what was acked since the stream took its last message, or in the last
/// 5 s.
struct SettledJobs: Sendable {
    /// A job by its place in the stream, and when it was stored there: a stream that is made anew counts from 1 again.
    struct Mark: Hashable, Sendable {
        let sequence: UInt64
        let stored: StreamTime
    }

    /// What was acked longer ago is gone for good, whatever becomes of the server.
    static let danger = Duration.seconds(10)
    /// How many are remembered at least; then the older half is forgotten.
    private static let generation = 50_000

    private var ackedAt: [[Mark: ContinuousClock.Instant]] = [[:], [:]]
    private var latest: ContinuousClock.Instant?

    /// A job's ack has been confirmed, or it was taken away again.
    mutating func settled(_ mark: Mark, at now: ContinuousClock.Instant) {
        self.ackedAt[0][mark] = now
        self.latest = now
        if self.ackedAt[0].count > Self.generation { self.ackedAt = [[:], self.ackedAt[0]] }
    }

    func contains(_ mark: Mark) -> Bool {
        self.ackedAt.contains { $0[mark] != nil }
    }

    /// Those that a server may have brought back: acked within 10 s before the last ack, in the order of the stream.
    var endangered: [Mark] {
        guard let latest else { return [] }
        return self.ackedAt.flatMap { marks in
            marks.filter { $0.value >= latest - Self.danger }.map(\.key)
        }.sorted { $0.sequence < $1.sequence }
    }
}

extension Job {
    var mark: SettledJobs.Mark {
        SettledJobs.Mark(sequence: self.sequence, stored: self.delivery.ack.storedAt)
    }
}
