import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// Requests that are to be sent once, however often they come.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct IdempotencyKeyTests {
    private func key(_ key: String) -> [NATSHeader] { [NATSHeader("Wa-Idempotency-Key", key)] }

    @Test func `A repeat gets the first answer, from whichever worker, and is not sent again`() async throws {
        try await Gateway.running([.egress, .egress]) { gateway in
            let bot = Bot(gateway)
            let first = try await bot.text("hello", headers: self.key("order-17"))
            #expect(first.failure == nil)
            for _ in 1...10 {
                let repeated = try await bot.text("hello", headers: self.key("order-17"))
                #expect(repeated.payload == first.payload && repeated.headers.isEmpty)
            }
            #expect(gateway.graph.stats.received == 1)
            let other = try await Bot(gateway, as: .support).text("hello", headers: self.key("order-17"))
            #expect(other.failure == nil && other.payload != first.payload)
            #expect(gateway.graph.accepted.map(\.account.name) == ["my_account", "support"])
        }
    }

    @Test func `Of many with one key at once exactly one is sent, and the others are told`() async throws {
        try await Gateway.running([.egress, .egress]) { gateway in
            gateway.graph.faults.latency = .milliseconds(300) ... .milliseconds(300)
            let replies = try await NATSTap(on: gateway.nats, "replies.*")
            for number in 1...20 {
                Bot(gateway).tell(
                    "sendMessage", Bot.textPayload("\(number)"), headers: self.key("order-17"), within: 5000,
                    reply: "replies.\(number)")
            }
            let answers = try await replies.all(20)
            #expect(answers.filter { $0.failure == nil }.count == 1)
            #expect(answers.filter { $0.failure == "InProgress 409" && $0.failureStatus == 409 }.count == 19)
            #expect(gateway.graph.stats.received == 1)
        }
    }

    @Test func `More requests with keys than may be in flight and waiting are refused as Overloaded`() async throws {
        try await Gateway.running([.egress]) { settings in
            settings.further = ["EGRESS_MAX_IN_FLIGHT": "2", "EGRESS_MAX_WAITING": "3"]
        } body: { gateway in
            gateway.graph.faults.latency = .milliseconds(500) ... .milliseconds(500)
            let replies = try await NATSTap(on: gateway.nats, "replies.*")
            for number in 1...12 {
                Bot(gateway).tell(
                    "sendMessage", Bot.textPayload("\(number)", to: "44770090010\(number)"),
                    headers: self.key("order-\(number)"), within: 9000, reply: "replies.\(number)")
            }
            let answers = try await replies.all(12)
            #expect(answers.filter { $0.failure == nil }.count == 5)
            #expect(answers.filter { $0.failure == "Overloaded 429" && $0.failureStatus == 429 }.count == 7)
            #expect(gateway.graph.stats.received == 5)
        }
    }

    @Test func `An unknown outcome is kept, and a refusal frees the key`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let bot = Bot(gateway)
            gateway.graph.faults.disturbance = .reset
            for _ in 1...3 {
                let reply = try await bot.text("lost", headers: self.key("lost"))
                #expect(reply.failure == "GraphUnavailable 504" && reply.failureStatus == 504)
            }
            #expect(gateway.graph.stats.received == 1)
            gateway.graph.clearFaults()
            gateway.graph.faults.errorRate = 1
            let refused = try await bot.text("refused", headers: self.key("refused"))
            #expect(refused.failureStatus != nil)
            gateway.graph.clearFaults()
            let sent = try await bot.text("refused", headers: self.key("refused"))
            #expect(sent.failure == nil)
            #expect(gateway.graph.stats.received == 3)
        }
    }

    @Test func `A worker that dies with a request leaves its outcome unknown, and never sent twice`() async throws {
        try await Gateway.running([.egress]) { settings in
            settings.further["EGRESS_GRAPH_TIMEOUT_MS"] = "5000"
        } body: { gateway in
            gateway.graph.faults.disturbance = .hang
            Bot(gateway).tell("sendMessage", Bot.textPayload("hello"), headers: self.key("order-17"))
            try await gateway.graph.waitForRequests(1)
            gateway.egress.process.kill()
            try await gateway.egress.process.waitForExit()
            gateway.graph.clearFaults()
            let successor = try await GatewayProcess.start(.egress, gateway.settings.environment)
            try await successor.ready()
            let repeated = try await Bot(gateway).text("hello", headers: self.key("order-17"))
            #expect(repeated.failure == "InProgress 409")
            #expect(gateway.graph.stats.received == 1)
            try await successor.stop()
        }
    }

    @Test func `Without JetStream a request with a key is not sent`() async throws {
        try await Gateway.running([.egress], server: .with { $0.jetStream = false }) { gateway in
            let reply = try await Bot(gateway).text("hello", headers: self.key("order-17"))
            #expect(reply.failure == "GraphUnavailable 503" && reply.failureStatus == 503)
            #expect(gateway.graph.stats.received == 0)
        }
    }

    @Test func `A bucket that nats-server has lost is made again when it is back`() async throws {
        try await Gateway.running([.egress]) { gateway in
            _ = try await gateway.jetStream("STREAM.DELETE.KV_WHATSAPP_IDEMPOTENCY")
            try await gateway.server.restart()
            try await Gateway.withConnection(to: gateway.server) { nats in
                let message = OutgoingMessage(
                    subject: "whatsapp.my_account.out.sendMessage", headers: self.key("order-17"),
                    payload: Array(Bot.textPayload("hello").utf8))
                try await eventually("a request with a key is sent", within: .seconds(15)) {
                    let reply = try? await nats.request(message, timeout: .seconds(5))
                    return reply.map { $0.failure == nil } ?? false
                }
                #expect(gateway.graph.stats.received == 1)
            }
        }
    }
}
