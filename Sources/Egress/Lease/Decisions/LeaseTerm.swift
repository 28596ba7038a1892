/// How long a lease lasts from one refresh on, and what follows from that.
///
/// The store forgets a lease when its own clock has counted the term from the refresh's arrival; the holder counts it
/// from before the refresh was sent, and stops a second earlier. That second is for clocks that run apart: no more than
/// it may be between the servers of a cluster.
struct LeaseTerm: Hashable, Sendable {
    /// What a bucket is made with.
    static let standard = LeaseTerm(length: .seconds(4))
    /// What an existing bucket may have.
    static let lengths = Duration.seconds(2) ... .seconds(5)
    /// No send is written in the last second of a term.
    private static let margin = Duration.seconds(1)

    let length: Duration

    /// Fails for what is too short to be refreshed in peace, or too long to wait for.
    init?(_ length: Duration) {
        guard Self.lengths.contains(length) else { return nil }
        self.length = length
    }

    private init(length: Duration) {
        self.length = length
    }

    /// From one refresh to the next, and how long one may take: 1 s of a term of 4 s, so that two may fail.
    var refreshInterval: Duration { (self.length - Self.margin) / 3 }

    /// Until when sends may be written after a refresh that was sent at `instant` and has been stored.
    func writeBy(after instant: ContinuousClock.Instant) -> ContinuousClock.Instant {
        instant + self.length - Self.margin
    }
}
