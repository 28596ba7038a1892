/// What waits for replies with successive numbers: for one, or for the ack of each message of a batch.
protocol ReplyWaiter: AnyObject, Sendable {
    /// How many replies it waits for, at least one.
    var count: Int { get }
    /// When its time is over.
    var deadline: ContinuousClock.Instant { get }

    /// Takes a reply. Where there are several to wait for, one that comes twice or too late is passed over; a single
    /// one comes once.
    ///
    /// - Parameter index: which of them it is, from 0.
    /// - Returns: whether it waits for no more.
    func replied(_ index: Int, _ reply: Result<ReceivedMessage, NATSError>) -> Bool

    /// Ends the wait for all that have not come.
    func end(_ error: NATSError)
}

/// Waits for one reply.
final class SingleReply: ReplyWaiter {
    let count = 1
    let deadline: ContinuousClock.Instant
    private let handler: ReplyInbox.Handler

    init(by deadline: ContinuousClock.Instant, _ handler: @escaping ReplyInbox.Handler) {
        self.deadline = deadline
        self.handler = handler
    }

    func replied(_ index: Int, _ reply: Result<ReceivedMessage, NATSError>) -> Bool {
        self.handler(reply)
        return true
    }

    func end(_ error: NATSError) {
        self.handler(.failure(error))
    }
}
