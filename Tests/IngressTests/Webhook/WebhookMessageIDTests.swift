import Testing

@testable import Ingress

@Suite struct WebhookMessageIDTests {
    private func hash(_ text: String) -> String { ContentHash.hex(of: Array(text.utf8)[...]) }

    @Test func `A hash is the SHA-256 in lower-case hex`() {
        #expect(self.hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(self.hash("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test(arguments: [
        #"{}"#, #"{"id":null}"#, #"{"id":7}"#, #"{"id":""}"#, #"{"id":"a b"}"#, #"{"id":"é"}"#, #"{"id":"a\u007f"}"#,
        #"{"id":"\u0000"}"#, #"{"id":{"id":"a"}}"#, #"{"id":"\ud83d"}"#,
    ])
    func `A message without a usable id is named by its hash`(message: String) throws {
        let events = try TestWebhook.events("\"messages\":[ \(message) ]")
        let hash = self.hash(message)
        #expect(events.map(\.messageID) == ["my_account:message:\(hash)", "my_account:message.unknown:\(hash)"])
    }

    @Test(arguments: [(256, true), (257, false)])
    func `An id of 256 bytes is used, one of 257 is replaced`(length: Int, isUsed: Bool) throws {
        let id = String(repeating: "~", count: length)
        let message = #"{"id":"\#(id)"}"#
        let events = try TestWebhook.events("\"messages\":[\(message)]")
        #expect(events.first?.messageID == "my_account:message:" + (isUsed ? id : self.hash(message)))
    }

    @Test(arguments: [
        (#"{"id":"a","status":"sent","timestamp":"1"}"#, "a:sent:1:"),
        (#"{"id":"a","status":"sent","timestamp":"1","recipient_participant_id":"p"}"#, "a:sent:1:p"),
        (
            #"{"id":"a","status":"sent","timestamp":"1","recipient_participant_id":"p","recipient_participant_user_id":"u"}"#,
            "a:sent:1:u"
        ),
        (#"{"id":"a","status":"sent","timestamp":1}"#, "a:sent:HASH:"),
        (#"{"id":"a","timestamp":"1"}"#, "a:HASH:1:"),
        (#"{"status":"sent","timestamp":"1"}"#, "HASH:sent:1:"),
        (#"{"id":"a","status":"sent","timestamp":"1","recipient_participant_id":7}"#, "a:sent:1:HASH"),
        (
            #"{"id":"a","status":"sent","timestamp":"1","recipient_participant_id":"p","recipient_participant_user_id":""}"#,
            "a:sent:1:HASH"
        ),
        (#"{}"#, "HASH:HASH:HASH:"),
    ])
    func `A status is named by its id, status, timestamp and participant`(status: String, id: String) throws {
        let events = try TestWebhook.events("\"statuses\":[\(status)]")
        #expect(events.map(\.subject) == ["whatsapp.my_account.in.status"])
        #expect(events.first?.messageID == "my_account:status:" + id.replacing("HASH", with: self.hash(status)))
    }

    @Test func `Errors are counted over the whole body`() throws {
        let mine = TestWebhook.change(#""errors":[{"code":1},null,{"code":1}]"#)
        let theirs = TestWebhook.change(of: "987654321", #""errors":[{"code":1}]"#)
        let body = TestWebhook.body(entries: TestWebhook.entry(mine, theirs), TestWebhook.entry(mine))
        let ids = try TestWebhook.read(body).events.filter { $0.kind == .error }.map(\.messageID)
        let hash = self.hash(body)
        #expect(
            ids == [
                "my_account:error:\(hash):0", "my_account:error:\(hash):1", "support:error:\(hash):2",
                "my_account:error:\(hash):3", "my_account:error:\(hash):4",
            ])
    }

    @Test func `Errors inside a message or a status stay there`() throws {
        let events = try TestWebhook.events(
            #""messages":[{"id":"a","errors":[{"code":1}]}],"statuses":[{"id":"b","errors":[{"code":1}]}]"#)
        #expect(events.map(\.kind) == [.message, .messageOfType, .status])
    }
}
