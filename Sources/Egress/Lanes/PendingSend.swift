/// A call on its way: what is sent, and whom to tell how it ended.
struct PendingSend: Sendable {
    let call: OutboundCall
    let lane: SendLane
    /// The instant at which it is too late to begin writing it.
    let writeBy: ContinuousClock.Instant
    /// Called once, when nothing more will be tried.
    let ended: @Sendable (SendEnd) -> Void
}

/// How a call ended.
enum SendEnd: Sendable {
    /// This is the last word of Graph, or of the way there.
    case settled(CallResult)
    /// It was not written within its time; `last` is what an earlier try came to, if there was one.
    case outOfTime(last: CallResult?)
    /// The account is paused, with this last answer of Graph's.
    case paused(GraphAnswer)
    /// As many as may are waiting already.
    case overloaded
}
