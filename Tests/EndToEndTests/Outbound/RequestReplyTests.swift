import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// What a requester gets back, and who else hears of it.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct RequestReplyTests {
    @Test func `A request without a reply subject is sent, and tells of a failure by its event alone`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let bot = Bot(gateway)
            let tap = try await NATSTap(on: gateway.nats, ">")
            bot.tell("sendMessage", Bot.textPayload("hello"))
            let accepted = try await gateway.graph.waitForAccepted(1)
            #expect(accepted.first?.text == "hello")
            bot.tell("sendMessage", #"{"to":"447700900123"}"#)
            let event = try await tap.first("the event") { $0.subject == "whatsapp.my_account.error" }
            #expect(event.json?["code"]?.int == 400 && event.json?["type"]?.string == "InvalidRequest")
            #expect(event.json?["request"] == .object(["to": .string("447700900123")]))
            let subjects = try await tap.everything().map(\.subject)
            #expect(
                subjects.filter { $0.hasPrefix("whatsapp.") } == [
                    "whatsapp.my_account.out.sendMessage", "whatsapp.my_account.out.sendMessage",
                    "whatsapp.my_account.error",
                ])
        }
    }

    @Test func `A traceparent goes to Graph and to the event, and a malformed one nowhere`() async throws {
        let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        try await Gateway.running([.egress]) { gateway in
            let bot = Bot(gateway)
            let tap = try await NATSTap(on: gateway.nats, "whatsapp.my_account.error")
            gateway.graph.faults.errorRate = 1
            for value in [traceparent, "00-nonsense"] {
                _ = try await bot.text("traced", headers: [NATSHeader("traceparent", value)])
            }
            _ = try await bot.ask("sendMessage", "{}", headers: [NATSHeader("traceparent", traceparent)])
            let events = try await tap.all(3)
            #expect(events.map { $0.header("traceparent") } == [traceparent, nil, traceparent])
            #expect(gateway.graph.requests.map { $0[header: "traceparent"] } == [traceparent, nil])
        }
    }

    @Test func `An answer over max_payload is told as ReplyTooLarge, and the call is not repeated`() async throws {
        try await Gateway.running([.egress], server: .with { $0.maxPayload = 65_536 }) { gateway in
            let tap = try await NATSTap(on: gateway.nats, "whatsapp.my_account.error")
            let body = #"{"data":"\#(String(repeating: "x", count: 70_000))"}"#
            gateway.graph.script(ScriptedAnswer(status: 200, body: Array(body.utf8)))
            let reply = try await Bot(gateway).ask("raw", #"{"method":"GET","path":"1234567890"}"#)
            #expect(reply.failure == "ReplyTooLarge 502" && reply.failureStatus == 502)
            #expect(gateway.graph.stats.received == 1)
            let next = try await Bot(gateway).text("still there")
            #expect(next.failure == nil)
            #expect(try await tap.everything().isEmpty, "the call was made: nothing has failed")
        }
    }

    @Test func `A refusal over max_payload is ReplyTooLarge too, and its event tells Graph's own code`() async throws {
        try await Gateway.running([.egress], server: .with { $0.maxPayload = 65_536 }) { gateway in
            let tap = try await NATSTap(on: gateway.nats, "whatsapp.my_account.error")
            let message = String(repeating: "é", count: 40_000)
            let body = #"{"error":{"message":"\#(message)","type":"OAuthException","code":131009}}"#
            gateway.graph.script(ScriptedAnswer(status: 400, body: Array(body.utf8)))
            let reply = try await Bot(gateway).text("hello")
            #expect(reply.failure == "ReplyTooLarge 502")
            let event = try await tap.first("the event") { _ in true }
            #expect(event.json?["code"]?.int == 131009 && event.json?["type"]?.string == "OAuthException")
            #expect(event.json?["request"]?["text"]?["body"]?.string == "hello")
        }
    }

    @Test func `More than EGRESS_MAX_WAITING are refused as Overloaded, and all others are sent`() async throws {
        try await Gateway.running([.egress]) { settings in
            settings.further = ["EGRESS_MAX_IN_FLIGHT": "1", "EGRESS_MAX_WAITING": "3"]
        } body: { gateway in
            let bot = Bot(gateway)
            let replies = try await NATSTap(on: gateway.nats, "replies.*")
            gateway.graph.faults.latency = .milliseconds(200) ... .milliseconds(200)
            for number in 1...9 {
                bot.tell(
                    "sendMessage", Bot.textPayload("\(number)", to: "44770090010\(number)"), reply: "replies.\(number)")
            }
            let answers = try await replies.all(9)
            let refused = answers.filter { $0.failure == "Overloaded 429" && $0.failureStatus == 429 }
            #expect(refused.count == 5)
            #expect(Set(refused.map(\.subject)) == Set((5...9).map { "replies.\($0)" }))
            #expect(answers.filter { $0.failure == nil }.count == 4)
            #expect(gateway.graph.stats.received == 4)
        }
    }

    @Test func `Control headers that cannot be kept are client errors, and nothing is sent`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let bot = Bot(gateway)
            for value in ["99", "60001", "-1", "soon", "4 000", "1e3", "400\u{7F}", "٤٠٠"] {
                let reply = try await bot.text("hello", headers: [NATSHeader("Wa-Timeout-Ms", value)])
                #expect(reply.failure == "InvalidRequest 400", "\(value)")
                #expect(reply.header("Nats-Service-Error")?.contains("Wa-Timeout-Ms") == true, "\(value)")
            }
            #expect(gateway.graph.stats.received == 0)
        }
    }

    @Test func `A raw call goes where it says below the version, and nowhere else`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let bot = Bot(gateway)
            let hostile = [
                "../v19.0/me", "%2e%2e/v19.0/me", "%25252e%25252e/me", "me/../../admin", "http://evil.example/x",
                "//evil@x/..",
                "evil\\\\x", "me#x", "me x", "me\\u0000x", "me\\u000d\\u000aHost: evil", "100%", "%zz", "a/./b",
            ]
            for path in hostile {
                let reply = try await bot.ask("raw", #"{"method":"GET","path":"\#(path)"}"#)
                #expect(reply.failure == "InvalidRequest 400", "\(path)")
            }
            #expect(gateway.graph.stats.connectionsOpened == 0)
            let reply = try await bot.ask(
                "raw",
                #"{"method":"GET","path":"/106540352242922","query":{"fields":"id,quality_rating","n":1,"b":true}}"#)
            #expect(reply.json?["quality_rating"]?.string == "GREEN")
            let target = gateway.graph.requests.first?.target ?? ""
            #expect(target.hasPrefix("/v21.0/106540352242922?") && target.contains("n=1") && target.contains("b=true"))
        }
    }

    @Test func `Without JetStream on the server the request lane works`() async throws {
        try await Gateway.running([.egress], server: .with { $0.jetStream = false }) { gateway in
            let replies = [
                try await Bot(gateway).text("hello"), try await Bot(gateway, as: .support).text("hello"),
            ]
            #expect(replies.allSatisfy { $0.failure == nil })
            #expect(gateway.graph.accepted.map(\.account.name) == ["my_account", "support"])
        }
    }

    @Test func `A worker that is started for one account serves that one alone`() async throws {
        try await Gateway.running([]) { gateway in
            let egress = try await GatewayProcess.start(
                .egress, gateway.settings.environment, arguments: ["--account", "support"])
            try await egress.ready()
            let reply = try await Bot(gateway, as: .support).text("hello")
            #expect(reply.failure == nil)
            let error = await #expect(throws: NATSError.self) { try await Bot(gateway).text("hello") }
            #expect(error?.code == .noResponders)
            try await egress.stop()
        }
    }

    @Test func `An account that no worker serves has no responders`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let stranger = Bot(gateway, as: GatewayAccount(name: "stranger", phoneNumberID: "1", token: "none"))
            let error = await #expect(throws: NATSError.self) { try await stranger.text("hello") }
            #expect(error?.code == .noResponders)
        }
    }
}
