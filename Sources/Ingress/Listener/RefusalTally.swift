import NIOCore

/// Makes one warning a minute of any number of equal refusals, as a value.
struct RefusalTally {
    enum Action: Equatable {
        /// Warn now, of so many.
        case warn(count: Int)
        /// Say nothing yet; call `flush` after this time.
        case flush(after: TimeAmount)
        /// Say nothing: a flush is on its way.
        case none
    }

    static let interval = TimeAmount.minutes(1)
    private var quietUntil: NIODeadline?
    private var unsaid = 0
    private var flushAwaited = false

    /// One more was refused.
    mutating func refused(at now: NIODeadline) -> Action {
        if let quietUntil = self.quietUntil, now < quietUntil {
            self.unsaid += 1
            guard !self.flushAwaited else { return .none }
            self.flushAwaited = true
            return .flush(after: quietUntil - now)
        }
        defer { self.unsaid = 0 }
        self.quietUntil = now + Self.interval
        return .warn(count: self.unsaid + 1)
    }

    /// How many to warn of now; nil when all was said.
    mutating func flush(at now: NIODeadline) -> Int? {
        self.flushAwaited = false
        guard self.unsaid > 0 else { return nil }
        defer { self.unsaid = 0 }
        self.quietUntil = now + Self.interval
        return self.unsaid
    }
}
