import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// What makes a worker say that it cannot serve.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct EgressReadinessTests {
    @Test func `A token that no longer works pauses its account alone, and the status says so`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let bot = Bot(gateway)
            let tap = try await NATSTap(on: gateway.nats, "whatsapp.*.error")
            gateway.graph.setAccount(
                SimulatedAccount(phoneNumberID: GatewayAccount.myAccount.phoneNumberID, accessToken: "another"))
            let first = try await bot.text("first")
            #expect(first.failureStatus == 401 && first.json?["error"]?["code"]?.int == 190)
            let second = try await bot.text("second", to: "447700900456")
            #expect(second.payload == first.payload && second.headers.count == first.headers.count)
            #expect(second.failureStatus == 401)
            #expect(gateway.graph.stats.received == 1)
            let other = try await Bot(gateway, as: .support).text("third")
            #expect(other.failure == nil)

            let events = try await tap.all(3)
            #expect(events.map(\.subject) == Array(repeating: "whatsapp.my_account.error", count: 3))
            let pauses = events.filter { $0.json?["final"] == .bool(false) }
            #expect(pauses.count == 1 && pauses.first?.json?["request"] == nil)
            #expect(pauses.first?.json?["code"]?.int == 190 && pauses.first?.json?["action"]?.string == "sendMessage")
            let ends = events.filter { $0.json?["final"] == nil }.map { $0.json?["request"]?["text"]?["body"]?.string }
            #expect(ends == ["first", "second"])
            try await gateway.egress.log.waitForLine { $0.contains("paused") && $0.contains("account=my_account") }
            let status = try await gateway.egress.status(containing: "paused")
            #expect(status.contains("my_account") && status.contains("190") && !status.contains("support"))
        }
    }

    @Test func `A stream over the requests is told at error level, and keeps the worker from being ready`() async throws
    {
        try await Gateway.running([]) { gateway in
            _ = try await gateway.jetStream(
                "STREAM.CREATE.GREEDY", #"{"name":"GREEDY","subjects":["whatsapp.support.out.>"],"storage":"memory"}"#)
            let egress = try await GatewayProcess.start(.egress, gateway.settings.environment)
            let status = try await egress.status(containing: "GREEDY")
            #expect(status.contains("whatsapp.support.out.*"))
            let line = try await egress.log.waitForLine(containing: "GREEDY")
            #expect(line.contains("level=error"))
            #expect(!egress.notices.notices.contains { $0.isReady })
            _ = try await gateway.jetStream("STREAM.DELETE.GREEDY")
            try await egress.ready()
            #expect(try await egress.stop() == .exited(0))
        }
    }

    @Test func `A worker that finds no NATS waits for it, and is ready as soon as it comes`() async throws {
        try await Gateway.running([]) { gateway in
            try await gateway.server.stop()
            let egress = try await GatewayProcess.start(.egress, gateway.settings.environment)
            try await egress.status(containing: "waiting for NATS at 127.0.0.1:\(gateway.server.port)")
            try await egress.notices.waitForNotice("more time to start") { $0["EXTEND_TIMEOUT_USEC"] != nil }
            try await gateway.server.restart()
            try await egress.ready()
            // What the status says must hold: the first request finds its worker.
            try await Gateway.withConnection(to: gateway.server) { nats in
                let reply = try await nats.request(
                    OutgoingMessage(
                        subject: "whatsapp.my_account.out.sendMessage", payload: Array(Bot.textPayload("hello").utf8)),
                    timeout: .seconds(10))
                #expect(reply.failure == nil)
            }
        }
    }
}
