/// Whether this process was stopped for a while, by a signal or with its whole machine, as a value.
///
/// What its workers said meanwhile it has not heard, and they may have been held up by it: their deadlines begin again.
struct OwnPause {
    private let interval: Duration
    private var lastLook: ContinuousClock.Instant

    /// - Parameter shortest: the least time after which a worker is blamed for its silence.
    init(shortest: Duration, at now: ContinuousClock.Instant) {
        self.interval = max(.milliseconds(50), shortest / 8)
        self.lastLook = now
    }

    /// When the next look is due, so that a longer time tells something.
    var deadline: ContinuousClock.Instant { self.lastLook + self.interval }

    /// Notes a look at what has come.
    ///
    /// - Returns: the time since the last one, where that was due long ago.
    mutating func look(at now: ContinuousClock.Instant) -> Duration? {
        let time = now - self.lastLook
        self.lastLook = now
        return time >= self.interval * 2 ? time : nil
    }
}
