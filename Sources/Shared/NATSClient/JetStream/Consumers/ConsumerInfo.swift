import JSONBytes

/// What the server says of an existing consumer.
package struct ConsumerInfo: Hashable, Sendable {
    package let name: String
    /// Empty where the consumer takes every message of the stream.
    package let filterSubject: String
    package let ackPolicy: String
    package let ackWait: Duration
    /// `nil` without a bound.
    package let maximumDeliveries: Int?
    /// `nil` without a bound.
    package let maximumPendingAcks: Int?
    /// Where a push consumer pushes to; `nil` for one that is pulled from.
    package let deliverSubject: String?
    /// How many messages have not been delivered yet.
    package let pending: Int
    /// How many deliveries wait for their acks.
    package let pendingAcks: Int
    /// How many pull requests wait at the server.
    package let waitingPulls: Int

    /// Reads the answer of `$JS.API.CONSUMER.INFO` or `.CREATE`.
    init?(_ answer: JSONValue) {
        guard let name = answer["name"]?.string, let configuration = answer["config"] else { return nil }
        self.name = name
        self.filterSubject = configuration["filter_subject"]?.string ?? ""
        self.ackPolicy = configuration["ack_policy"]?.string ?? "none"
        self.ackWait = .nanoseconds(configuration["ack_wait"]?.int ?? 0)
        self.maximumDeliveries = configuration["max_deliver"]?.int.flatMap { $0 > 0 ? $0 : nil }
        self.maximumPendingAcks = configuration["max_ack_pending"]?.int.flatMap { $0 > 0 ? $0 : nil }
        self.deliverSubject = configuration["deliver_subject"]?.string
        self.pending = answer["num_pending"]?.int ?? 0
        self.pendingAcks = answer["num_ack_pending"]?.int ?? 0
        self.waitingPulls = answer["num_waiting"]?.int ?? 0
    }

    /// Names every setting of the existing consumer that differs from what was asked for; empty when it will do.
    package func problems(for wanted: ConsumerConfiguration) -> [String] {
        var problems: [String] = []
        func compare(_ setting: String, _ found: String, _ wanted: String) {
            if found != wanted {
                problems.append("consumer \(self.name) has \(setting) \(found), not \(wanted)")
            }
        }
        func bound(_ number: Int?) -> String { String(number ?? -1) }
        if let deliverSubject { problems.append("consumer \(self.name) pushes to \(deliverSubject)") }
        compare("filter_subject", self.filterSubject, wanted.filterSubject)
        compare("ack_policy", self.ackPolicy, wanted.ackPolicy.rawValue)
        if wanted.ackPolicy == .explicit {
            compare("ack_wait", "\(self.ackWait)", "\(wanted.ackWait)")
            compare("max_ack_pending", bound(self.maximumPendingAcks), bound(wanted.maximumPendingAcks))
        }
        compare("max_deliver", bound(self.maximumDeliveries), bound(wanted.maximumDeliveries))
        return problems
    }
}
