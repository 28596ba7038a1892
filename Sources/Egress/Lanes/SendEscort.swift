/// What a lane does around each try of one call, so that whoever takes over from it knows what may have been sent.
protocol SendEscort: Sendable {
    /// Asked before each try, whose turn has come.
    ///
    /// - Parameters:
    ///   - call: the call as it was submitted.
    ///   - attempt: 1 for the first try; the same again after one that did not count.
    func leave(toWrite call: GraphCall, attempt: Int) async -> WriteLeave

    /// Told of a try that leaves no doubt and did not settle the call: it was not written, Meta refused it for now, or
    /// it may be done twice. Awaited before anything else of the recipient starts.
    ///
    /// - Parameter attempts: tries that counted, this one included where it did.
    func unsent(attempts: Int) async

    /// The call is in doubt now, by an answer that was lost or as it was submitted; it stays so until
    /// `AccountSender.resolve`, or until it ends as withdrawn: told on two threads, the end may come first.
    ///
    /// - Parameter last: what the try came to; `nil` where an earlier holder made it.
    func doubted(_ ticket: SendTicket, last: CallResult?)
}

/// Whether a try may be made now.
enum WriteLeave: Sendable {
    /// The call as it is to be written, and the instant from which it must not be written any more.
    case granted(GraphCall, writeBy: ContinuousClock.Instant)
    /// Not now: it is asked again up to 0.1 s, 0.2 s, 0.4 s … up to 5 s later, and only what stands
    /// behind it in its recipient's order waits with it.
    case denied(reason: String)
}

/// What has been found out about a job in doubt.
enum DoubtSettlement: Hashable, Sendable {
    /// It was sent: the lane tells so.
    case sent
    /// Nobody will ever know: the lane gives it up.
    case dead
    /// It is to be tried again, although it may have been sent.
    case retry
}
