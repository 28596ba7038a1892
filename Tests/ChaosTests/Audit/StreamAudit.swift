/// What the stream holds, held against what was posted and answered.
struct StreamAudit: Hashable, Sendable {
    /// Message ids of events whose webhook was answered 200, and which are not in the stream.
    private(set) var lost: [String] = []
    /// Message ids that are in the stream more than once.
    private(set) var twice: [String] = []
    /// Message ids whose subject or payload is not what was posted.
    private(set) var altered: [String] = []
    /// Message ids that were never posted.
    private(set) var strange: [String] = []
    /// Message ids that stand before one that precedes them in their body, on the same subject.
    private(set) var disordered: [String] = []
    /// Numbers of the webhooks that any of this is about.
    private(set) var suspects: Set<Int> = []

    /// - Parameters:
    ///   - accepted: numbers of the webhooks that were answered 200.
    ///   - ordered: numbers of those whose events must be in order.
    init(of stored: [StoredEvent], against webhooks: [PostedWebhook], accepted: Set<Int>, ordered: Set<Int>) {
        var places: [String: Int] = [:]
        for (place, event) in stored.enumerated() where event.subject != ChaosGateway.probeSubject {
            if places.updateValue(place, forKey: event.messageID) != nil { self.twice.append(event.messageID) }
        }
        let repeated = Set(self.twice)
        for webhook in webhooks {
            let count = self.findings
            if webhook.events.contains(where: { repeated.contains($0.messageID) }) {
                self.suspects.insert(webhook.number)
            }
            var last: [String: Int] = [:]
            for event in webhook.events {
                guard let place = places.removeValue(forKey: event.messageID) else {
                    if accepted.contains(webhook.number) { self.lost.append(event.messageID) }
                    continue
                }
                if stored[place].subject != event.subject
                    || !stored[place].payload.elementsEqual(webhook.body[event.payload])
                {
                    self.altered.append(event.messageID)
                }
                if ordered.contains(webhook.number), let before = last[event.subject], before > place {
                    self.disordered.append(event.messageID)
                }
                last[event.subject] = place
            }
            if self.findings > count { self.suspects.insert(webhook.number) }
        }
        self.strange = places.keys.sorted()
    }

    var isClean: Bool { self.findings == 0 }

    private var findings: Int {
        self.lost.count + self.twice.count + self.altered.count + self.strange.count + self.disordered.count
    }
}
