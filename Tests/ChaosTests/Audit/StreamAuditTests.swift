import TestSupport
import Testing

@Suite struct StreamAuditTests {
    private let webhook = WebhookSource(seed: 7).webhook(0)

    private func stored(_ webhook: PostedWebhook) -> [StoredEvent] {
        webhook.events.map { event in
            StoredEvent(
                messageID: event.messageID, subject: event.subject, payload: Array(webhook.body[event.payload]))
        }
    }

    private func audit(_ stored: [StoredEvent], of webhooks: [PostedWebhook]) -> StreamAudit {
        let numbers = Set(webhooks.map(\.number))
        return StreamAudit(of: stored, against: webhooks, accepted: numbers, ordered: numbers)
    }

    @Test func `A stream that holds every event once, in order, is clean`() {
        #expect(self.audit(self.stored(self.webhook), of: [self.webhook]).isClean)
    }

    @Test func `An event that is missing is lost only where its webhook was accepted`() throws {
        let stored = Array(self.stored(self.webhook).dropLast())
        let missing = try #require(self.webhook.events.last).messageID
        #expect(self.audit(stored, of: [self.webhook]).lost == [missing])
        #expect(StreamAudit(of: stored, against: [self.webhook], accepted: [], ordered: []).isClean)
    }

    @Test func `An event that stands there twice is found`() {
        let stored = self.stored(self.webhook)
        #expect(self.audit(stored + [stored[1]], of: [self.webhook]).twice == [stored[1].messageID])
    }

    @Test func `A payload with one byte more is altered`() {
        var stored = self.stored(self.webhook)
        stored[1] = StoredEvent(
            messageID: stored[1].messageID, subject: stored[1].subject, payload: stored[1].payload + [0x20])
        #expect(self.audit(stored, of: [self.webhook]).altered == [stored[1].messageID])
    }

    @Test func `An event that nobody posted is strange`() {
        let stranger = StoredEvent(messageID: "x", subject: "whatsapp.my_account.in.message", payload: [])
        #expect(self.audit(self.stored(self.webhook) + [stranger], of: [self.webhook]).strange == ["x"])
    }

    @Test func `Events of one subject that changed places are found`() throws {
        let webhook = try #require((0..<100).lazy.map(WebhookSource(seed: 7).webhook).first { $0.events.count > 5 })
        var stored = self.stored(webhook)
        let places = stored.indices.filter { stored[$0].subject.hasSuffix(".in.message") }
        stored.swapAt(places[0], places[1])
        #expect(self.audit(stored, of: [webhook]).disordered == [webhook.events[places[1]].messageID])
    }
}

@Suite struct FaultPlanTests {
    @Test func `The same seed gives the same plan and the same webhooks`() {
        let seed = Seed(42)
        for length in [FaultPlan.Length.short, .long] {
            #expect(
                FaultPlan(seed: seed, length: length, hasSmallDisk: true)
                    == FaultPlan(seed: seed, length: length, hasSmallDisk: true))
        }
        #expect(WebhookSource(seed: 42).webhook(3).body == WebhookSource(seed: 42).webhook(3).body)
        #expect(WebhookSource(seed: 42).webhook(3).body != WebhookSource(seed: 43).webhook(3).body)
    }
}
