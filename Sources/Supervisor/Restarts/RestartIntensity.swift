/// How often a child was started again lately, as a value: 5 restarts within 60 s are too many.
struct RestartIntensity: Hashable {
    static let limit = 5
    static let window = Duration.seconds(60)

    /// The latest restarts, at most `limit` of them, oldest first.
    private var recent: [ContinuousClock.Instant] = []

    /// Notes a restart.
    ///
    /// - Returns: whether it is one too many.
    mutating func restarted(at now: ContinuousClock.Instant) -> Bool {
        if self.recent.count == Self.limit { self.recent.removeFirst() }
        self.recent.append(now)
        return self.recent.count == Self.limit && now - self.recent[0] <= Self.window
    }

    mutating func reset() {
        self.recent = []
    }
}
