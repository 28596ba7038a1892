/// Notices that Graph's maintenance of a number (error 131057), which takes up to a minute as a rule, does not end.
struct MaintenanceWatch: Sendable {
    static let code = 131057
    /// How long it may take before somebody should know.
    static let limit = Duration.seconds(900)

    private var begun: ContinuousClock.Instant?
    private var isTold = false

    /// A send was refused for maintenance.
    ///
    /// - Returns: whether it has just turned out to last too long: once for each maintenance.
    mutating func refused(at now: ContinuousClock.Instant) -> Bool {
        let begun = self.begun ?? now
        self.begun = begun
        guard !self.isTold, now - begun > Self.limit else { return false }
        self.isTold = true
        return true
    }

    /// A send was answered with something else.
    mutating func ended() {
        self.begun = nil
        self.isTold = false
    }
}
