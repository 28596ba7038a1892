/// One call's place in a schedule, given once and never again.
struct SendTicket: Hashable, Comparable, Sendable {
    /// Counts offers: a smaller one came earlier.
    let number: UInt64

    static func < (left: SendTicket, right: SendTicket) -> Bool { left.number < right.number }
}

/// Where a call came from; the request lane goes first.
enum SendLane: Int, CaseIterable, Sendable {
    case request
    case queue
}

/// A call that wants its turn.
struct SendOffer: Hashable, Sendable {
    let lane: SendLane
    /// The recipient pair's key, whose calls go one after another; `nil`: held by no recipient.
    let pair: String?
    /// Whether the call goes to the number's own `/messages`. What does not has no pair.
    let countsForRate: Bool
    /// The instant at which it is too late to start; `nil`: never too late.
    let writeBy: ContinuousClock.Instant?
    /// Tries that counted before it came here.
    let attempts: Int
    /// Whether one of those may have sent it: it starts in doubt. Never of a request.
    let isInDoubt: Bool

    init(
        lane: SendLane, pair: String?, countsForRate: Bool = true, writeBy: ContinuousClock.Instant? = nil,
        attempts: Int = 0, isInDoubt: Bool = false
    ) {
        self.lane = lane
        self.pair = countsForRate ? pair : nil
        self.countsForRate = countsForRate
        self.writeBy = writeBy
        self.attempts = attempts
        self.isInDoubt = isInDoubt
    }
}

/// What bounds a schedule.
struct SendLimits: Hashable, Sendable {
    /// Calls at once (`EGRESS_MAX_IN_FLIGHT`).
    var inFlight = 256
    /// Requests waiting for their turn (`EGRESS_MAX_WAITING`).
    var waitingRequests = 1024
    /// Sends a second (`EGRESS_RATE_PER_SECOND`), more than 0.
    var ratePerSecond = 80.0
    /// Tries of one queued job (`EGRESS_MAX_ATTEMPTS`).
    var attempts = 8
}
