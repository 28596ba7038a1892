import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// What jobs wait for, and who waits with them.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct QueueWaitingTests {
    private static let renewed = GatewayAccount(
        name: "my_account", phoneNumberID: GatewayAccount.myAccount.phoneNumberID, token: "EAAG-renewed")

    @Test func `While a token does not work its account's jobs wait, and a worker with a new one sends them`()
        async throws
    {
        try await Gateway.running([.egress]) { gateway in
            let queue = JobQueue(gateway)
            let events = try await queue.events()
            gateway.expireToken(of: .myAccount)
            try await queue.add(texts: (1...5).map { ("\($0)", "44770090000\($0)") })
            let pause = try await events.first("the pause") { $0.subject.hasSuffix(".error") }
            #expect(pause.json?["code"]?.int == 190)
            #expect(pause.text.contains(#""final":false"#) && pause.json?["request"] == nil)
            try await gateway.egress.status(containing: "paused")
            #expect(try await gateway.messageCount(of: "WHATSAPP_OUT") == 5)
            #expect(try await queue.deadLetters().isEmpty, "nothing is dead-lettered")
            #expect(try await events.everything().count { $0.subject.hasSuffix(".error") } == 1, "told once")
            // The other account goes on.
            try await JobQueue(gateway, of: .support).add(text: "other")
            try await gateway.graph.waitForAccepted(1)

            try await gateway.egress.stop()
            var settings = gateway.settings
            settings.accounts = [Self.renewed, .support]
            let next = try await GatewayProcess.start(.egress, settings.environment)
            try await queue.emptied()
            #expect(Set(gateway.graph.accepted.compactMap(\.text)) == ["other", "1", "2", "3", "4", "5"])
            try await next.stop()
        }
    }

    @Test func `A recipient that is throttled waits, and none of the others`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let queue = JobQueue(gateway)
            gateway.graph.faults.pairRate = SimulatorFaults.PairRate(burst: 2, interval: .seconds(2))
            let crowd = (1...4).map { (text: "crowd \($0)", to: "447700900001") }
            let others = (1...40).map { (text: "other \($0)", to: "44770091\(1000 + $0)") }
            try await queue.add(texts: crowd + others)
            try await eventually("the others are sent") {
                gateway.graph.accepted.count { $0.text?.hasPrefix("other") == true } == 40
            }
            #expect(gateway.graph.accepted.count { $0.to == "447700900001" } < 4)
            try await queue.emptied(within: .seconds(40))
            let sent = gateway.graph.accepted.filter { $0.to == "447700900001" }.compactMap(\.text)
            #expect(sent == crowd.map(\.text), "in order, and none lost")
            #expect(try await queue.deadLetters().isEmpty, "throttling costs no attempts")
        }
    }

    @Test func `The ack of a job that waits is extended, also when the lane has been empty before`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let queue = JobQueue(gateway)
            gateway.graph.faults.pairRate = SimulatorFaults.PairRate(burst: 1, interval: .seconds(60))
            try await queue.add(text: "sent")
            try await queue.emptied()
            let acks = try await NATSTap(on: gateway.nats, "$JS.ACK.WHATSAPP_OUT.egress-my_account.>")
            try await queue.add(text: "held")
            // A third of what the ack has.
            try await acks.first("the extension of an ack", within: .seconds(12)) { $0.text == "+WPI" }
        }
    }

    @Test func `Beyond EGRESS_MAX_HELD nothing more is pulled until held jobs are done`() async throws {
        try await Gateway.running([.egress]) { settings in
            settings.further["EGRESS_MAX_HELD"] = "20"
        } body: { gateway in
            let queue = JobQueue(gateway)
            gateway.graph.faults.disturbance = .slow(.seconds(2))
            // One recipient's jobs go one after another, and fill what may be held.
            let crowd = (1...22).map { (text: "\($0)", to: "447700900001") }
            try await queue.add(texts: crowd + [(text: "beyond", to: "447700900002")])
            try await gateway.graph.waitForRequests(1)
            try await gateway.egress.status(containing: "20 jobs are held")
            #expect(!gateway.graph.accepted.contains { $0.text == "beyond" })
            gateway.graph.clearFaults()
            try await queue.emptied()
            #expect(gateway.graph.accepted.count == 23)
        }
    }

    @Test func `The request lane goes before the queue lane`() async throws {
        try await Gateway.running([.egress]) { settings in
            settings.further["EGRESS_RATE_PER_SECOND"] = "10"
        } body: { gateway in
            let queue = JobQueue(gateway)
            try await queue.add(texts: (1...60).map { ("\($0)", "44770091\(1000 + $0)") })
            try await gateway.graph.waitForAccepted(5)
            let reply = try await Bot(gateway).text("request", to: "447700900002", within: 2000)
            #expect(reply.failure == nil)
            let place = gateway.graph.accepted.firstIndex { $0.text == "request" }
            #expect(try #require(place) < 30)
        }
    }

    @Test func `A job of the largest size, with control headers of NATS', can be dead-lettered`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let queue = JobQueue(gateway)
            let limit = try #require(
                try await gateway.jetStream("STREAM.INFO.WHATSAPP_OUT")["config"]?["max_msg_size"]?.int)
            #expect(limit == gateway.nats.maximumPayload - 8192)
            let headers = [
                NATSHeader("Nats-Expected-Stream", "WHATSAPP_OUT"), NATSHeader("Nats-Msg-Id", "my_account:1"),
                NATSHeader("Order", "17"),
            ]
            let size = headers.reduce(NATSHeader.blockSize) { $0 + NATSHeader.lineSize($1.name, $1.value) }
            let payload = String(repeating: "x", count: limit - size)
            try await queue.add("sendMessage", payload, headers: headers)
            try await queue.emptied()
            let letter = try #require(try await queue.deadLetters().first)
            #expect(letter.text == payload)
            #expect(letter.header("Order") == "17" && letter.header("Wa-Job-Id") == "my_account:1")
            #expect(letter.header("Nats-Expected-Stream") == nil)
        }
    }

    @Test func `Jobs of an account that nobody serves are counted and warned of by name`() async throws {
        try await Gateway.running([.egress]) { settings in
            settings.accounts = [.myAccount]
        } body: { gateway in
            try await JobQueue(gateway, of: .support).add(texts: (1...3).map { ("\($0)", "44770090000\($0)") })
            let line = try await gateway.egress.log.waitForLine(
                containing: "jobs wait for accounts that no worker serves", within: .seconds(90))
            #expect(line.contains(#"orphans="support: 3""#) && line.contains("jobs=3"))
            #expect(line.contains("level=warning"))
        }
    }
}
