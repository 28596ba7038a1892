/// How many refusals of the server are logged: whoever asks for answers on a subject that this user may not publish to
/// would else fill the log.
struct RefusalBudget: Sendable {
    /// Lines a minute.
    static let limit = 10

    private var minute: ContinuousClock.Instant?
    private var told = 0

    /// Whether one more is logged.
    mutating func allows(at now: ContinuousClock.Instant) -> Bool {
        if self.minute.map({ now - $0 >= .seconds(60) }) ?? true {
            self.minute = now
            self.told = 0
        }
        self.told += 1
        return self.told <= Self.limit
    }
}
