import GraphSimulator
import NATSClient
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct EgressMetricsTests {
    private func key(_ key: String) -> [NATSHeader] { [NATSHeader("Wa-Idempotency-Key", key)] }

    @Test func `Each request counts once, by how it has ended`() async throws {
        try await MeteredGateway.running([.egress]) { settings in
            settings.further = ["EGRESS_MAX_IN_FLIGHT": "1", "EGRESS_MAX_WAITING": "1"]
        } body: { test in
            let (graph, bot) = (test.gateway.graph, Bot(test.gateway))
            #expect(try await bot.text("sent").failure == nil)
            _ = try await bot.ask("sendMessage", "{}")
            _ = try await bot.ask("sendPigeon", Bot.textPayload("hello"))
            _ = try await bot.ask("send\"}Pigeon\\", Bot.textPayload("hello"))
            #expect(try await bot.ask("markRead", #"{"message_id":"wamid.1"}"#).failure == nil)

            graph.faults.error = .standard(131026)
            graph.faults.errorRate = 1
            #expect(try await bot.text("refused").failureStatus != nil)
            graph.clearFaults()
            graph.faults.disturbance = .reset
            #expect(try await bot.text("lost").failure == "GraphUnavailable 504")
            graph.clearFaults()

            for _ in 1...3 { #expect(try await bot.text("once", headers: self.key("a")).failure == nil) }

            // One in flight, one waiting until its time is over, and one more.
            graph.faults.latency = .seconds(2.5) ... .seconds(2.5)
            let replies = try await NATSTap(on: test.gateway.nats, "replies.*")
            bot.tell("sendMessage", Bot.textPayload("slow"), headers: self.key("b"), reply: "replies.1")
            try await graph.waitForRequests(6)
            let busy = try await test.metrics(.egress)
            #expect(busy["whatsapp_egress_in_flight", ["account": "my_account"]] == 1)
            #expect(try await bot.text("slow", headers: self.key("b")).failure == "InProgress 409")
            bot.tell("sendMessage", Bot.textPayload("late"), within: 500, reply: "replies.2")
            try await test.metrics(.egress, "one is waiting") {
                $0["whatsapp_egress_waiting", ["account": "my_account"]] == 1
            }
            #expect(try await bot.text("too many").failure == "Overloaded 429")
            _ = try await replies.all(2)

            let metrics = try await test.metrics(.egress)
            #expect(
                metrics.sends() == [
                    "request sendMessage sent": 3, "request sendMessage invalid": 1, "request unknown invalid": 2,
                    "request markRead sent": 1, "request sendMessage refused": 1, "request sendMessage unknown": 1,
                    "request sendMessage repeated": 2, "request sendMessage running": 1,
                    "request sendMessage unavailable": 1, "request sendMessage overloaded": 1,
                ])
            #expect(metrics.sends(of: "support").isEmpty)
            // What was never written is no call of Graph's; each other call was one.
            let calls = metrics["whatsapp_egress_graph_seconds_count", ["account": "my_account"]]
            #expect(calls == Double(graph.stats.received))
            #expect(metrics["whatsapp_egress_graph_seconds_count", ["account": "support"]] == 0)
        }
    }

    @Test func `Each job counts once, by how it has ended`() async throws {
        try await MeteredGateway.running([.egress]) { settings in
            settings.further = ["EGRESS_MAX_ATTEMPTS": "1"]
        } body: { test in
            let (graph, queue) = (test.gateway.graph, JobQueue(test.gateway))
            try await queue.add(texts: (1...5).map { ("hello", "44770090012\($0)") })
            try await queue.add("sendPigeon", "{}")
            try await queue.add("sendMessage", "{}")
            try await queue.add(text: "late", headers: [NATSHeader("Wa-Expires", "1")])
            try await queue.emptied()

            graph.faults.errorRate = 1
            graph.faults.error = .standard(131026)
            try await queue.add(text: "refused")
            try await queue.emptied()
            graph.faults.error = .standard(131000)
            try await queue.add(text: "tried as often as may be")
            try await queue.emptied()
            graph.clearFaults()
            graph.faults.disturbance = .reset
            // A value of the bot's own cannot be looked for: it stays in doubt.
            try await queue.add(
                "sendMessage", #"{"to":"447700900123","text":"lost","biz_opaque_callback_data":"mine"}"#)
            try await queue.emptied()

            let letters = try await queue.deadLetters()
            let metrics = try await test.metrics(.egress, "every job is counted") {
                $0.sends().values.reduce(0, +) == 11
            }
            #expect(
                metrics.sends() == [
                    "queue sendMessage sent": 5, "queue unknown invalid": 1, "queue sendMessage invalid": 1,
                    "queue sendMessage expired": 1, "queue sendMessage refused": 1, "queue sendMessage dead": 1,
                    "queue sendMessage unknown": 1,
                ])
            #expect(letters.count == 6)
        }
    }

    @Test func `Jobs that are held, and a lane that is full, show while it is so`() async throws {
        try await MeteredGateway.running([.egress]) { settings in
            settings.further = ["EGRESS_MAX_HELD": "3"]
        } body: { test in
            test.gateway.graph.faults.latency = .milliseconds(300) ... .milliseconds(300)
            try await JobQueue(test.gateway).add(texts: (1...6).map { _ in ("hello", "447700900123") })
            let account: KeyValuePairs = ["account": "my_account"]
            let full = try await test.metrics(.egress, "the lane is full") { $0["whatsapp_egress_held", account] == 3 }
            #expect(try #require(full["whatsapp_egress_held_full_total", account]) >= 1)
            #expect(full["whatsapp_egress_held_full_total", ["account": "support"]] == 0)
            try await JobQueue(test.gateway).emptied()
            try await test.metrics(.egress, "nothing is held") { $0["whatsapp_egress_held", account] == 0 }
        }
    }

    @Test func `A pause, the rate and the connection show as they are`() async throws {
        try await MeteredGateway.running([.egress]) { settings in
            settings.further = ["EGRESS_RATE_SUPPORT": "5"]
        } body: { test in
            let before = try await test.metrics(.egress)
            #expect(before["whatsapp_egress_rate_per_second", ["account": "my_account"]] == 80)
            #expect(before["whatsapp_egress_rate_per_second", ["account": "support"]] == 5)
            #expect(before["whatsapp_egress_paused", ["account": "my_account"]] == 0)
            #expect(before["whatsapp_nats_connected"] == 1 && before["whatsapp_nats_reconnects_total"] == 0)
            test.gateway.expireToken(of: .myAccount)
            _ = try await Bot(test.gateway).text("hello")
            let paused = try await test.metrics(.egress)
            #expect(paused["whatsapp_egress_paused", ["account": "my_account"]] == 1)
            #expect(paused["whatsapp_egress_paused", ["account": "support"]] == 0)
            #expect(paused.sends() == ["request sendMessage refused": 1])
            try await test.gateway.server.stop()
            try await test.metrics(.egress, "NATS is away") { $0["whatsapp_nats_connected"] == 0 }
            try await test.gateway.server.restart()
            try await test.metrics(.egress, "NATS is back") {
                $0["whatsapp_nats_connected"] == 1 && $0["whatsapp_nats_reconnects_total"] == 1
            }
        }
    }

    @Test func `A process that drains still shows its metrics`() async throws {
        try await MeteredGateway.running([.egress]) { test in
            test.gateway.graph.faults.latency = .seconds(3) ... .seconds(3)
            let replies = try await NATSTap(on: test.gateway.nats, "replies.*")
            Bot(test.gateway).tell("sendMessage", Bot.textPayload("hello"), reply: "replies.1")
            try await test.gateway.graph.waitForRequests(1)
            test.gateway.egress.process.terminate()
            try await test.gateway.egress.status(containing: "draining")
            let draining = try await test.metrics(.egress)
            #expect(draining["whatsapp_egress_in_flight", ["account": "my_account"]] == 1)
            _ = try await replies.all(1)
            try await test.gateway.egress.process.waitForExit()
        }
    }
}
