/// What a schedule says to an offer.
enum SendAdmission: Hashable, Sendable {
    case admitted(SendTicket)
    /// As many requests wait as may.
    case overloaded
    /// The account is paused, with this last answer: a request is refused with it.
    case paused(GraphAnswer)
    /// A job has no attempt left, and is not in doubt.
    case outOfAttempts
}

/// What is to be done now.
struct SendTurn: Hashable, Sendable {
    struct Expired: Hashable, Sendable {
        let ticket: SendTicket
        let attempts: Int
    }

    /// Calls to make, in this order.
    var starts: [SendTicket] = []
    /// Calls for which it has become too late: they are gone, and their last try, if there was one, was refused; with
    /// the number of tries that counted.
    var expired: [Expired] = []
    /// Graph's answer with which the account has paused since the last turn, to be told once.
    var pause: GraphAnswer?
    /// Requests that waited when the account paused: they are gone, to be answered with `pause`.
    var refused: [SendTicket] = []
    /// Whether the access token of a paused account is to be tried, by `GET <phone_number_id>?fields=id`.
    var isProbeDue = false
    /// When to ask again if nothing happens before; `nil`: only when something has.
    var wake: ContinuousClock.Instant?
}

/// What becomes of a call after a try of it has finished.
struct SendAftermath: Hashable, Sendable {
    enum Fate: Hashable, Sendable {
        /// It is gone, and the verdict is the last word on it: also a retry, where the request lane makes none.
        case settled
        /// It waits for a retry, which comes at this instant at the earliest.
        case waits(until: ContinuousClock.Instant)
        /// It waits, and its recipient's jobs with it, until `resolve` tells whether it was sent.
        case inDoubt
        /// It is gone: no attempt is left.
        case outOfAttempts
        /// It is gone: a retry would come too late.
        case outOfTime
        /// It is gone: it was taken back in flight, so no retry follows.
        case withdrawn
    }

    let fate: Fate
    /// Tries that counted, this one included where it did.
    let attempts: Int
}

/// How a schedule stands, for metrics and readiness.
struct SendCounters: Hashable, Sendable {
    let waitingRequests: Int
    let waitingJobs: Int
    let jobsInDoubt: Int
    let inFlight: Int
    let ratePerSecond: Double
    /// Graph's last answer, while the account is paused.
    let pause: GraphAnswer?
    /// The end of a wait that holds up all sends; `nil` where there is none.
    let sendsWaitUntil: ContinuousClock.Instant?
}
