/// The latest error code that needs a person, which stands for an hour.
struct StandingAlarm: Sendable {
    /// How long a code stands after it was last met.
    static let lifetime = Duration.seconds(3600)

    private var latest: (code: Int, at: ContinuousClock.Instant)?

    /// Takes in a code that Graph answered with; most need nobody.
    mutating func note(_ code: Int, at now: ContinuousClock.Instant) {
        if GraphErrorTable.needsAttention(code) { self.latest = (code, now) }
    }

    /// The code that stands at an instant; `nil` where there is none.
    func code(at now: ContinuousClock.Instant) -> Int? {
        guard let latest = self.latest, now - latest.at < Self.lifetime else { return nil }
        return latest.code
    }
}
