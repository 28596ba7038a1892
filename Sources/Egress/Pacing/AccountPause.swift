/// Whether an account is paused because its access token no longer works.
///
/// It starts again by `resume`: with a new token, or when a probe (`GET <phone_number_id>?fields=id`) has worked.
struct AccountPause: Sendable {
    /// How long to wait before each probe.
    static let probeInterval = Duration.seconds(60)

    /// Graph's last answer; `nil` while the account is not paused.
    private(set) var answer: GraphAnswer?
    /// When the token is to be tried next; `nil` while the account is not paused.
    private(set) var nextProbe: ContinuousClock.Instant?
    private var resumed: ContinuousClock.Instant?

    var isPaused: Bool { self.answer != nil }

    /// Pauses, or notes a newer answer.
    ///
    /// - Parameter callStarted: when the refused call was started: one from before the last `resume` says nothing.
    /// - Returns: whether the account has just paused.
    mutating func pause(
        _ answer: GraphAnswer, callStarted: ContinuousClock.Instant, at now: ContinuousClock.Instant
    ) -> Bool {
        if let resumed = self.resumed, callStarted < resumed { return false }
        defer { self.answer = answer }
        guard !self.isPaused else { return false }
        self.nextProbe = now + Self.probeInterval
        return true
    }

    /// Says once each 60 s that the token is to be tried.
    mutating func takeProbe(at now: ContinuousClock.Instant) -> Bool {
        guard let due = self.nextProbe, due <= now else { return false }
        self.nextProbe = now + Self.probeInterval
        return true
    }

    /// Goes on sending.
    mutating func resume(at now: ContinuousClock.Instant) {
        self.answer = nil
        self.nextProbe = nil
        self.resumed = now
    }
}
