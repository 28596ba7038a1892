/// Which status webhooks follow an accepted message, and when.
package struct StatusPlan: Hashable, Sendable {
    /// Counted from the acceptance; nil: this status never comes.
    package var sent: Duration?
    package var delivered: Duration?
    package var read: Duration?
    /// The share of messages, 0…1, that get `failed` in place of `delivered` and `read`.
    package var failureRate: Double
    /// The code in the `errors` of a failed status.
    package var failureCode: Int

    package init(
        sent: Duration? = .milliseconds(50), delivered: Duration? = .milliseconds(200),
        read: Duration? = .milliseconds(1_000), failureRate: Double = 0, failureCode: Int = 131026
    ) {
        self.sent = sent
        self.delivered = delivered
        self.read = read
        self.failureRate = failureRate
        self.failureCode = failureCode
    }

    /// No status ever comes.
    package static let none = StatusPlan(sent: nil, delivered: nil, read: nil)

    enum Status: Hashable, Sendable {
        case sent, delivered, read
        case failed(code: Int)
    }

    /// The statuses of one message, in the order of their times.
    ///
    /// - Parameter draw: a number from 0 up to, not including, 1.
    func statuses(isReaction: Bool, draw: Double) -> [(status: Status, after: Duration)] {
        var statuses: [(status: Status, after: Duration)] = []
        if let sent { statuses.append((.sent, sent)) }
        // Meta tells no more of a reaction than that it was sent.
        if isReaction { return statuses }
        if self.failureRate > 0, draw < self.failureRate {
            statuses.append((.failed(code: self.failureCode), self.delivered ?? self.sent ?? .zero))
        } else {
            if let delivered { statuses.append((.delivered, delivered)) }
            if let read { statuses.append((.read, read)) }
        }
        return statuses.sorted { $0.after < $1.after }
    }
}
