import TraceContext

/// A call on its way: what is sent, and whom to tell how it ended.
struct PendingSend: Sendable {
    let call: OutboundCall
    let lane: SendLane
    /// The instant at which it is too late to begin writing it; `nil`: never too late.
    let writeBy: ContinuousClock.Instant?
    /// Tries that were counted before, by whoever had the job then; one that left it in doubt is among them.
    let attempts: Int
    /// Whether such a try may have sent it: it is in doubt from the start, in its place in its recipient's order.
    let isInDoubt: Bool
    /// The span of the request or job, below which each try has one; `nil`: there is none.
    let span: TraceSpan?
    /// What is done around each try; a job needs one, since only it hears of doubt.
    let escort: (any SendEscort)?
    /// Called once, when nothing more will be tried, with the number of tries that counted.
    let ended: @Sendable (_ end: SendEnd, _ attempts: Int) -> Void

    init(
        call: OutboundCall, lane: SendLane, writeBy: ContinuousClock.Instant?, attempts: Int = 0,
        isInDoubt: Bool = false, span: TraceSpan? = nil, escort: (any SendEscort)? = nil,
        ended: @escaping @Sendable (_ end: SendEnd, _ attempts: Int) -> Void
    ) {
        self.call = call
        self.lane = lane
        self.writeBy = writeBy
        self.attempts = attempts
        self.isInDoubt = isInDoubt
        self.span = span
        self.escort = escort
        self.ended = ended
    }
}

/// How a call ended.
enum SendEnd: Sendable {
    /// This is the last word of Graph, or of the way there: sent, refused for good, or (a request) to be repeated by
    /// the requester alone.
    case settled(CallResult)
    /// It was not written within its time; `last` is what an earlier try came to, if there was one.
    case outOfTime(last: CallResult?)
    /// A job was tried as often as may be; `nil`: all of its tries were counted before it came here.
    case outOfAttempts(CallResult?)
    /// A job was taken back: it is neither sent nor refused for good, and whoever has it next goes on with it.
    case withdrawn(last: CallResult?)
    /// The account is paused, with this last answer of Graph's; never told of a job.
    case paused(GraphAnswer)
    /// As many requests as may are waiting already.
    case overloaded
}
