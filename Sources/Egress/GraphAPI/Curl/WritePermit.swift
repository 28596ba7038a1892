/// Says whether a request may be written to its connection, and remembers whether it was; a value without clock.
///
/// libcurl asks each time before it writes. It asks a second time when a kept connection died under the request and it
/// wants to repeat it on a fresh one: Meta may have acted on the first, so there is no second.
struct WritePermit: Hashable {
    /// What ended a call on this side.
    enum Interruption: Hashable, Sendable {
        case cancelled
        case notWrittenInTime
        case connectionDied
        case connectionStale
        case serverSpokeFirst
        case timedOut(after: Duration)
        case responseTooLarge(limit: Int)
        case shutDown
    }

    /// What the connection is like that the request would be written to.
    enum Connection: Hashable, Sendable {
        case quiet
        /// Kept from an earlier call, and something waits on it, if only its end: no answer to this request.
        case stale
        /// New, and the server has said something or closed it before anybody asked.
        case unasked
    }

    /// A request is not written from then on.
    let writeBy: ContinuousClock.Instant
    /// Whether libcurl was let write: from then on Meta may have the request.
    private(set) var isWritten = false
    /// The first reason to end the call, if there was one.
    private(set) var interruption: Interruption?

    init(writeBy: ContinuousClock.Instant) {
        self.writeBy = writeBy
    }

    /// Whether the request may be written now.
    mutating func allows(
        at now: ContinuousClock.Instant, isCancelled: Bool, connection: Connection
    ) -> Bool {
        if self.isWritten {
            self.interrupt(.connectionDied)
        } else if isCancelled {
            self.interrupt(.cancelled)
        } else if now >= self.writeBy {
            self.interrupt(.notWrittenInTime)
        } else if connection != .quiet {
            self.interrupt(connection == .stale ? .connectionStale : .serverSpokeFirst)
        }
        guard self.interruption == nil else { return false }
        self.isWritten = true
        return true
    }

    /// Allows another question after a stale connection, which libcurl has closed; `false` if that was not the reason.
    mutating func renew() -> Bool {
        guard self.interruption == .connectionStale, !self.isWritten else { return false }
        self.interruption = nil
        return true
    }

    mutating func interrupt(_ interruption: Interruption) {
        self.interruption = self.interruption ?? interruption
    }

    /// What became of a call that got no whole answer.
    ///
    /// - Parameters:
    ///   - host: named in the reason.
    ///   - failure: libcurl's words, used where the call was not ended on this side.
    func outcome(host: String, failure: String) -> GraphOutcome {
        let reason = "\(host): \(self.interruption.map(\.description) ?? failure)"
        return self.isWritten ? .lost(reason: reason) : .notWritten(reason: reason)
    }
}

extension WritePermit.Interruption: CustomStringConvertible {
    var description: String {
        switch self {
        case .cancelled: "cancelled before it was written"
        case .notWrittenInTime: "not written in time"
        case .connectionDied: "the connection died after the request was written"
        case .connectionStale: "the kept connection was stale"
        case .serverSpokeFirst: "the server spoke or closed before it was asked"
        case .timedOut(let limit): "no whole answer within \(limit.formatted)"
        case .responseTooLarge(let limit): "the answer is over \(limit) bytes"
        case .shutDown: "the Graph API client was shut down"
        }
    }
}

extension Duration {
    /// Such as `15 s` or `250 ms`.
    fileprivate var formatted: String {
        let milliseconds = Int((self / .milliseconds(1)).rounded())
        return milliseconds.isMultiple(of: 1_000) ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
    }
}
