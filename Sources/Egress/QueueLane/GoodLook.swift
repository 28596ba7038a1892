/// The latest look that found something of NATS' in order: it is taken to be so for 6 s, unless the connection breaks.
struct GoodLook: Hashable, Sendable {
    private static let lifetime = Duration.seconds(6)

    private let reconnects: Int
    private let end: ContinuousClock.Instant

    /// - Parameter reconnects: how often the connection had come back before the look.
    init(after reconnects: Int, at now: ContinuousClock.Instant) {
        self.reconnects = reconnects
        self.end = now + Self.lifetime
    }

    /// Whether there is no need to look again.
    func isFresh(after reconnects: Int, at now: ContinuousClock.Instant) -> Bool {
        self.reconnects == reconnects && now < self.end
    }
}
