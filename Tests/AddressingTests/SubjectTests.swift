import Testing

@testable import Addressing

@Suite struct InboundSubjectsTests {
    @Test func `An account's events have the subjects of the contract`() throws {
        let subjects = InboundSubjects(of: try #require(AccountName("my_account")))
        #expect(subjects.webhook == "whatsapp.my_account.in.webhook")
        #expect(subjects.message == "whatsapp.my_account.in.message")
        #expect(subjects.message(ofType: InboundToken(messageType: "text")) == "whatsapp.my_account.in.message.text")
        #expect(subjects.status == "whatsapp.my_account.in.status")
        #expect(subjects.error == "whatsapp.my_account.in.error")
        #expect(subjects.change(ofField: InboundToken(changeField: "flows")) == "whatsapp.my_account.in.flows")
    }

    @Test func `Changes without an account go below whatsapp.event`() {
        let field = InboundToken(changeField: "message_template_status_update")
        #expect(EventSubject.change(ofField: field) == "whatsapp.event.message_template_status_update")
        #expect(EventSubject.unrouted == "whatsapp.event.unrouted")
    }

    @Test(arguments: [nil, "", "a.b", "a b", "*", ">", "ä", "a\n", "\u{0}", String(repeating: "a", count: 65)])
    func `A word that cannot stand in a subject is unknown`(word: String?) {
        #expect(InboundToken(messageType: word) == .unknown)
        #expect(InboundToken(changeField: word) == .unknown)
        #expect(InboundToken.unknown.value == "unknown")
    }

    @Test(arguments: ["a", "Text_2-x", "unsupported", String(repeating: "Z", count: 64)])
    func `Any other word is taken as Meta spells it`(word: String) {
        #expect(InboundToken(messageType: word).value == word)
        #expect(InboundToken(changeField: word).value == word)
    }

    @Test(arguments: ["webhook", "message", "status", "error", "media"])
    func `A field cannot take a subject of the gateway's own`(word: String) {
        #expect(InboundToken(changeField: word) == .unknown)
        #expect(InboundToken(messageType: word).value == word)
    }
}

@Suite struct OutboundSubjectsTests {
    let subjects: OutboundSubjects

    init() throws {
        self.subjects = OutboundSubjects(of: try #require(AccountName("shop")))
    }

    @Test func `An account's lanes and results have the subjects of the contract`() {
        #expect(self.subjects.requests == "whatsapp.shop.out.*")
        #expect(self.subjects.jobs == "whatsapp.shop.queue.*")
        #expect(self.subjects.request("sendMessage") == "whatsapp.shop.out.sendMessage")
        #expect(self.subjects.job("sendMessage") == "whatsapp.shop.queue.sendMessage")
        #expect(self.subjects.dead("sendMessage") == "whatsapp.shop.dead.sendMessage")
        #expect(self.subjects.sent == "whatsapp.shop.sent")
        #expect(self.subjects.error == "whatsapp.shop.error")
    }

    @Test func `The action is read from the subject of a request or job`() {
        #expect(self.subjects.action(ofRequest: "whatsapp.shop.out.sendMessage") == "sendMessage")
        #expect(self.subjects.action(ofRequest: "whatsapp.shop.out.ä{}") == "ä{}")
        #expect(self.subjects.action(ofJob: "whatsapp.shop.queue.raw") == "raw")
    }

    @Test(arguments: [
        "", "whatsapp.shop.out", "whatsapp.shop.out.", "whatsapp.shop.out.a.b", "whatsapp.shop.out..",
        "whatsapp.shops.out.a", "whatsapp.shop.queue.a", "_INBOX.abc",
    ])
    func `A subject that is no request to the account has no action`(subject: String) {
        #expect(self.subjects.action(ofRequest: subject) == nil)
    }
}

@Suite struct OutboundSubjectTests {
    @Test(arguments: [("out", OutboundSubject.Lane.request), ("queue", .queue), ("dead", .dead)])
    func `A subject of any account is read back`(token: String, lane: OutboundSubject.Lane) throws {
        let subject = try #require(OutboundSubject(parsing: "whatsapp.a-b.\(token).sendImage"))
        #expect(subject.account == AccountName("a-b"))
        #expect(subject.lane == lane)
        #expect(subject.action == "sendImage")
    }

    @Test(arguments: [
        "", "...", "whatsapp.shop.queue", "whatsapp.shop.queue.", "whatsapp.shop.queue.a.b", "whatsapp.SHOP.queue.a",
        "whatsapp.event.queue.a", "whatsapp..queue.a", "whatsapp.shop.in.message", "other.shop.queue.a",
        String(repeating: ".", count: 10000),
    ])
    func `Any other subject is refused`(subject: String) {
        #expect(OutboundSubject(parsing: subject) == nil)
    }
}
