import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// What the log of a whole gateway tells of messages: how each ended, and nothing of what is in it.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct LogContentTests {
    /// What customers and bots have written, and who they are.
    private enum Private {
        static let sender = "447700900771"
        static let recipient = "447700900882"
        static let name = "Zelda-of-the-contacts"
        static let text = "words-between-two-people"
        static let natsPassword = "nats-password-of-the-tests"

        static let all = [sender, recipient, name, text, natsPassword]
    }

    private static func webhook(_ id: String, text: String = Private.text) -> [UInt8] {
        let body = String(decoding: WebhookBody.text(id: id, text: text), as: UTF8.self)
        return Array(
            body.replacing("447700900123", with: Private.sender)
                .replacing(
                    #""messages":["#,
                    with: """
                        "contacts":[{"profile":{"name":"\(Private.name)"},"wa_id":"\(Private.sender)"}],"messages":[
                        """
                ).utf8)
    }

    private static let payload = Bot.textPayload(Private.text, to: Private.recipient)

    @Test(arguments: ["trace", "info"])
    func `No phone number, name, text or secret is in the log, whatever goes right or wrong`(level: String) async throws
    {
        try await Gateway.running([.supervisor], server: .with { $0.login = ("gateway", Private.natsPassword) }) {
            $0.further["LOG_LEVEL"] = level
        } body: { gateway async throws in
            try await Self.converse(over: gateway)
            try await Self.beRefused(by: gateway)
            try await Self.loseNATS(of: gateway)
            #expect(try await gateway.supervisor.stop() == .exited(0))
            try await gateway.supervisor.log.waitForEnd()
            let log = gateway.supervisor.log.text
            for secret in Private.all + gateway.settings.secrets {
                #expect(!log.contains(secret), "\(secret)")
            }
            // It was all heard of.
            for words in ["NATS disconnected", "is paused", "webhooks refused", "verifications refused"] {
                #expect(log.contains(words), "\(words)")
            }
            #expect(log.contains(#"msg="Graph call""#) == (level == "trace"))
        }
    }

    /// What goes right, on both lanes and with a webhook.
    private static func converse(over gateway: Gateway) async throws {
        #expect(try await gateway.post(Self.webhook("wamid.right")).status == 200)
        #expect(try await gateway.request("sendMessage", Self.payload).header("Nats-Service-Error") == nil)
        let queue = JobQueue(gateway)
        try await queue.add("sendMessage", Self.payload)
        try await queue.emptied()
    }

    /// What Meta, Graph and the gateway itself refuse.
    private static func beRefused(by gateway: Gateway) async throws {
        let webhook = Self.webhook("wamid.refused")
        #expect(try await gateway.post(webhook, signature: "sha256=00").status == 401)
        #expect(try await gateway.post(Array(webhook.dropLast())).status == 400)
        let foreign = String(decoding: webhook, as: UTF8.self).replacing("106540352242922", with: "1000000000000")
        #expect(try await gateway.post(Array(foreign.utf8)).status == 200)
        let other = String(decoding: webhook, as: UTF8.self).replacing("whatsapp_business_account", with: "page")
        #expect(try await gateway.post(Array(other.utf8)).status == 200)
        _ = try await PlainHTTP.get(
            "\(gateway.ingressURL)/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token=\(Private.text)")

        let refusal = #"{"error":{"message":"\#(Private.text) to \#(Private.recipient)","code":131026}}"#
        func script(_ text: String = refusal, status: Int = 400) {
            gateway.graph.script(ScriptedAnswer(status: status, body: Array(text.utf8)))
        }
        script()
        _ = try await gateway.request("sendMessage", Self.payload)
        script("<html>\(Private.text)</html>", status: 502)
        _ = try await gateway.request("sendMessage", Self.payload)
        gateway.graph.faults.disturbance = .reset
        _ = try await gateway.request("sendMessage", Self.payload)
        gateway.graph.clearFaults()
        for (action, payload) in [
            ("sendMessage", #"{"to":"\#(Private.recipient)","text":\#(Private.text)}"#), (Private.text, Self.payload),
            ("raw", #"{"method":"GET","path":"//\#(Private.recipient)"}"#),
            ("sendImage", #"{"to":"\#(Private.recipient)","caption":"\#(Private.text)"}"#),
        ] {
            #expect(try await gateway.request(action, payload).header("Nats-Service-Error-Code") == "400")
        }

        let queue = JobQueue(gateway)
        script()
        try await queue.add("sendMessage", Self.payload)
        try await queue.emptied()
        try await queue.add("sendMessage", #"{"to":"\#(Private.recipient)"}"#)
        try await queue.add("sendMessage", Self.payload, headers: [NATSHeader("Wa-Expires", "1")])
        try await queue.emptied()
        #expect(try await queue.deadLetters().count == 3)

        gateway.expireToken(of: .support)
        _ = try await gateway.request("sendMessage", Self.payload, of: .support)
        try await gateway.supervisor.log.waitForLine(containing: "is paused")
    }

    private static func loseNATS(of gateway: Gateway) async throws {
        try await gateway.server.kill()
        try await gateway.supervisor.log.waitForLine(containing: "NATS disconnected")
        #expect(try await gateway.post(Self.webhook("wamid.away")).status == 503)
        try await gateway.server.restart()
        try await eventually("a webhook is taken again") {
            try await gateway.post(Self.webhook("wamid.back")).status == 200
        }
        try await eventually("a request is taken again") {
            (try? await gateway.request("sendMessage", Self.payload, within: .seconds(2))) != nil
        }
    }

    @Test func `At debug level each webhook, request and job has one line, which tells how it ended`() async throws {
        try await Gateway.running([.ingress, .egress]) { gateway async throws in
            let queue = JobQueue(gateway)
            for number in 0..<5 { #expect(try await gateway.post(Self.webhook("wamid.\(number)")).status == 200) }
            #expect(try await gateway.post([1]).status == 400)
            #expect(try await gateway.post(Self.webhook("wamid.0"), signature: nil).status == 401)
            for _ in 0..<5 { _ = try await gateway.request("sendMessage", Self.payload) }
            _ = try await gateway.request("sendMessage", "{}")
            _ = try await gateway.request("nothing", "{}")
            for _ in 0..<2 {
                _ = try await Bot(gateway).text(Private.text, headers: [NATSHeader("Wa-Idempotency-Key", "once")])
            }
            for number in 0..<5 {
                try await queue.add("sendMessage", Self.payload, headers: [NATSHeader("Nats-Msg-Id", "job-\(number)")])
            }
            try await queue.add("markRead", "{}", headers: [NATSHeader("Nats-Msg-Id", "job-5")])
            try await queue.emptied()
            try await gateway.egress.log.waitForLine(containing: "job_id=job-5")
            for process in gateway.processes { try await process.stop() }

            let ingress = gateway.ingress.log.lines
            let webhooks = ingress.filter { $0.contains(#"level=debug msg="webhook answered""#) }
            #expect(webhooks.count == 7)
            #expect(webhooks.count { $0.contains("status=200") && $0.contains("events=3") } == 5)
            #expect(webhooks.count { $0.contains("status=400") && $0.contains("error=") } == 1)
            #expect(webhooks.count { $0.contains("status=401") && $0.contains("events=0") } == 1)
            #expect(webhooks.allSatisfy { $0.contains(#/ duration_ms=[0-9]+ /#) })

            let egress = gateway.egress.log.lines
            let requests = egress.filter { $0.contains(#"level=debug msg="request ended""#) }
            #expect(requests.count == 9)
            #expect(requests.count { $0.contains("action=sendMessage") && $0.contains("outcome=sent") } == 6)
            #expect(requests.count { $0.contains("outcome=repeated") } == 1)
            #expect(requests.count { $0.contains("action=sendMessage code=400") } == 1)
            #expect(requests.count { $0.contains("action=unknown code=400") } == 1)
            let jobs = egress.filter { $0.contains(#"level=debug msg="job ended""#) }
            #expect(jobs.count == 6)
            #expect(Set(jobs.compactMap { $0.firstMatch(of: #/job_id=(job-[0-5]) /#)?.1 }).count == 6)
            #expect(jobs.count { $0.contains("outcome=sent") && $0.contains("attempts=1") } == 5)
            #expect(jobs.count { $0.contains("outcome=invalid") && $0.contains("action=markRead") } == 1)
            #expect((requests + jobs).allSatisfy { $0.contains("account=my_account") })
        }
    }

    @Test func `At info level a message that goes right leaves no line`() async throws {
        try await Gateway.running([.ingress, .egress]) {
            $0.further["LOG_LEVEL"] = "info"
        } body: { gateway async throws in
            let queue = JobQueue(gateway)
            try await queue.add("sendMessage", Self.payload)
            try await queue.emptied()
            let before = gateway.processes.map(\.log.lines.count)
            for number in 0..<20 {
                #expect(try await gateway.post(Self.webhook("wamid.\(number)")).status == 200)
                #expect(try await gateway.request("sendMessage", Self.payload).header("Nats-Service-Error") == nil)
                try await queue.add("sendMessage", Self.payload)
            }
            try await queue.emptied()
            #expect(gateway.processes.map(\.log.lines.count) == before)
        }
    }
}
