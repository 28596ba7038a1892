import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// What becomes of a job, and what is told and kept of it.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct QueueOutcomeTests {
    private static let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test func `A job is sent once, told as sent under its id with its callback, and gone from the stream`()
        async throws
    {
        try await Gateway.running([.egress]) { gateway in
            let queue = JobQueue(gateway)
            let events = try await queue.events()
            try await queue.add(
                text: "hello",
                headers: [
                    NATSHeader("Nats-Msg-Id", "my_account:1"), NATSHeader("traceparent", Self.trace),
                    NATSHeader("Order", "17"),
                ])
            let sent = try await events.event("sent", ofJob: "my_account:1")
            let message = try #require(gateway.graph.accepted.first)
            #expect(message.callbackData?.hasPrefix("wa1:") == true && message.callbackData?.utf8.count == 36)
            #expect(sent.json?["action"]?.string == "sendMessage")
            #expect(sent.json?["attempts"]?.int == 1)
            #expect(sent.json?["callback"]?.string == message.callbackData)
            #expect(sent.json?["response"]?["messages"]?[0]?["id"]?.string == message.id)
            #expect(sent.header("Order") == "17")
            #expect(sent.header("traceparent") == Self.trace)
            #expect(gateway.graph.requests.first?[header: "traceparent"] == Self.trace)
            try await queue.emptied()
            #expect(gateway.graph.accepted.count == 1)
            #expect(try await queue.deadLetters().isEmpty)
        }
    }

    @Test func `A job without a message ID is known by its place in the stream`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let queue = JobQueue(gateway)
            let events = try await queue.events()
            let ack = try await queue.add(text: "hello")
            _ = try await events.event("sent", ofJob: "WHATSAPP_OUT:\(ack.sequence)")
        }
    }

    @Test func `A job's own callback value is left as it is, and told`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let queue = JobQueue(gateway)
            let events = try await queue.events()
            let ack = try await queue.add(
                "sendMessage", #"{"to":"447700900123","text":"hello","biz_opaque_callback_data":"order-17"}"#)
            let sent = try await events.event("sent", ofJob: "WHATSAPP_OUT:\(ack.sequence)")
            #expect(sent.json?["callback"]?.string == "order-17")
            #expect(gateway.graph.accepted.map(\.callbackData) == ["order-17"])
        }
    }

    @Test func `A job that Graph refuses for good becomes a dead letter with its reason, and is told once`()
        async throws
    {
        try await Gateway.running([.egress]) { gateway in
            let queue = JobQueue(gateway)
            let events = try await queue.events()
            gateway.graph.faults.errorRate = 1
            gateway.graph.faults.error = .standard(131026)
            let payload = Bot.textPayload("hello")
            try await queue.add(
                "sendMessage", payload,
                headers: [NATSHeader("Nats-Msg-Id", "my_account:1"), NATSHeader("Order", "17")])
            let error = try await events.event("error", ofJob: "my_account:1")
            #expect(error.json?["code"]?.int == 131026)
            #expect(error.text.contains(#""final":true"#))
            #expect(error.json?["attempts"]?.int == 1)
            #expect(error.json?["request"]?["text"]?["body"]?.string == "hello")
            #expect(error.header("Order") == "17")
            try await queue.emptied()
            let letter = try #require(try await queue.deadLetters().first)
            #expect(letter.text == payload)
            #expect(letter.subject == "whatsapp.my_account.dead.sendMessage")
            #expect(letter.header("Wa-Job-Id") == "my_account:1")
            #expect(letter.header("Wa-Error-Code") == "131026")
            #expect(letter.header("Wa-Reason") == "refused")
            #expect(letter.header("Wa-Attempts") == "1")
            #expect(letter.header("Order") == "17")
            #expect(gateway.graph.stats.received == 1)
        }
    }

    @Test(
        arguments: [
            ("sendMessage", #"{"to":"447700900123"}"#, [], "text is missing"),
            ("sendPigeon", #"{"to":"447700900123"}"#, [], "no such action"),
            ("sendMessage", "not JSON", [], "the payload is not JSON"),
            ("sendMessage", Bot.textPayload("hello"), [NATSHeader("Wa-Expires", "soon")], "header Wa-Expires"),
            ("sendMessage", Bot.textPayload("hello"), [NATSHeader("Wa-On-Doubt", "maybe")], "header Wa-On-Doubt"),
        ])
    func `A job that is not what its action needs is dead without a call`(
        _ action: String, _ payload: String, _ headers: [NATSHeader], _ reason: String
    ) async throws {
        try await Gateway.running([.egress]) { gateway in
            let queue = JobQueue(gateway)
            try await queue.add(action, payload, headers: headers)
            try await queue.emptied()
            let letter = try #require(try await queue.deadLetters().first)
            #expect(letter.text == payload)
            #expect(letter.header("Wa-Reason") == "invalid")
            #expect(letter.header("Wa-Error-Code") == "400")
            #expect(letter.header("Wa-Error")?.hasPrefix(reason) == true)
            #expect(gateway.graph.stats.received == 0)
        }
    }

    @Test func `A job whose time is over is dead, not sent`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let queue = JobQueue(gateway)
            try await queue.add(text: "old", headers: [NATSHeader("Wa-Expires", "1700000000")])
            try await queue.emptied()
            let letter = try #require(try await queue.deadLetters().first)
            #expect(letter.header("Wa-Reason") == "expired")
            #expect(gateway.graph.stats.received == 0)
        }
    }

    @Test func `A job that Graph refuses for a while is tried again, and out of attempts it is dead`() async throws {
        try await Gateway.running([.egress]) { settings in
            settings.further["EGRESS_MAX_ATTEMPTS"] = "2"
        } body: { gateway in
            let queue = JobQueue(gateway)
            gateway.graph.faults.errorRate = 1
            gateway.graph.faults.error = .standard(131000)
            try await queue.add(text: "hello")
            try await queue.emptied()
            let letter = try #require(try await queue.deadLetters().first)
            #expect(letter.header("Wa-Reason") == "out of attempts")
            #expect(letter.header("Wa-Attempts") == "2")
            #expect(letter.header("Wa-Error-Code") == "131000")
            #expect(gateway.graph.stats.received == 2)
        }
    }

    @Test func `A message ID is stored once within the dedupe window`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let queue = JobQueue(gateway)
            let headers = [NATSHeader("Nats-Msg-Id", "my_account:1")]
            #expect(try await !queue.add(text: "hello", headers: headers).isDuplicate)
            try await gateway.graph.waitForAccepted(1)
            try await queue.emptied()
            #expect(try await queue.add(text: "hello", headers: headers).isDuplicate)
            try await queue.add(text: "after")
            #expect(try await gateway.graph.waitForAccepted(2).map(\.text) == ["hello", "after"])
        }
    }
}
