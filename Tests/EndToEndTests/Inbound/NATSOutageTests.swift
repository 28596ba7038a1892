import NATSClient
import TestSupport
import Testing

/// The ingress while NATS is away, slow, or just back.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct NATSOutageTests {
    @Test func `An ingress without NATS answers 503 at once, says what it waits for, and serves when NATS is there`()
        async throws
    {
        try await Gateway.running([]) { gateway async throws in
            try await gateway.server.stop()
            let ingress = try await GatewayProcess.start(.ingress, gateway.settings.environment)
            try await ingress.status(containing: "waiting for NATS at 127.0.0.1:\(gateway.server.port)")
            try await ingress.notices.waitForNotice("more time to start") { $0["EXTEND_TIMEOUT_USEC"] != nil }
            try await Self.expectRefusal(by: gateway)
            #expect(try await PlainHTTP.get("\(gateway.ingressURL)/health").status == 200)
            try await gateway.server.restart()
            try await ingress.ready()
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.1")).status == 200)
        }
    }

    @Test func `When NATS goes webhooks are answered 503 at once, when it is back the next is taken within seconds`()
        async throws
    {
        try await Gateway.running([.ingress]) { gateway async throws in
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.1")).status == 200)
            try await gateway.server.kill()
            try await gateway.ingress.log.waitForLine(containing: "NATS disconnected")
            for _ in 0..<5 { try await Self.expectRefusal(by: gateway) }
            #expect(try await PlainHTTP.get("\(gateway.ingressURL)/health").status == 200)

            let told = gateway.ingress.notices.notices.count
            try await gateway.ingress.status(containing: "waiting for NATS", from: told)
            try await gateway.server.restart()
            let back = ContinuousClock.now
            try await eventually("a webhook is taken again") {
                try await gateway.post(WebhookBody.text(id: "wamid.2")).status == 200
            }
            Measurement.print("first webhook taken after nats-server's return", ContinuousClock.now - back)
            #expect(ContinuousClock.now - back < .seconds(3))
            try await gateway.ingress.notices.waitForNotice("READY again", from: told) { $0.isReady }
            #expect(try await gateway.messageCount(of: "WHATSAPP_IN") == 6)
        }
    }

    @Test func `While nats-server stands still every request in flight is answered 503 in time`() async throws {
        try await Gateway.running([.ingress]) {
            $0.further["INGRESS_ACK_TIMEOUT_MS"] = "1000"
        } body: { gateway async throws in
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.0")).status == 200)
            // A machine that is busy with something else gets another chance.
            var slowest = Duration.zero
            for _ in 0..<3 {
                gateway.server.pause()
                slowest = try await Self.slowestRefusal(of: 1...32, by: gateway)
                gateway.server.resume()
                if slowest < .milliseconds(1500) { break }
            }
            Measurement.print("slowest of 32 answers with an ack time-out of 1 s", slowest)
            #expect(slowest < .milliseconds(1500))
            try await eventually("the repeats are taken") {
                try await gateway.post(WebhookBody.text(id: "wamid.1")).status == 200
            }
            for number in 2...32 {
                #expect(try await gateway.post(WebhookBody.text(id: "wamid.\(number)")).status == 200)
            }
            let stored = try await gateway.stored(in: "WHATSAPP_IN").compactMap { $0.header("Nats-Msg-Id") }
            #expect(stored.count == 33 * 3 && Set(stored).count == 33 * 3)
        }
    }

    @Test func `Whatever was answered 200 is in the stream once, though nats-server is killed under load`() async throws
    {
        let seed = Seed.forTest()
        try await Gateway.running([.ingress]) { gateway async throws in
            let load = WebhookLoad(on: gateway, seed: seed)
            async let running = load.run(connections: 8)
            for _ in 0..<3 {
                try await load.waitForMore(100)
                try await gateway.server.kill()
                try await gateway.server.restart()
            }
            try await load.waitForMore(100)
            load.stop()
            let outcome = await running
            let stored = try await gateway.stored(in: "WHATSAPP_IN").compactMap { $0.header("Nats-Msg-Id") }
            let texts = Set(
                stored.filter { $0.hasPrefix("my_account:message.text:") }.map { $0.split(separator: ":")[2] })
            #expect(Set(stored).count == stored.count)
            #expect(outcome.accepted.allSatisfy { texts.contains(Substring($0)) })
            #expect(outcome.broken == 0)
            Measurement.print("answers while nats-server was killed three times: \(outcome.answers)")
        }
    }

    /// Posts webhooks at once, all of which should be answered 503, and says how long the last answer took.
    private static func slowestRefusal(of numbers: ClosedRange<Int>, by gateway: Gateway) async throws -> Duration {
        try await withThrowingTaskGroup(of: Duration.self) { group in
            for number in numbers {
                group.addTask {
                    let began = ContinuousClock.now
                    let reply = try await gateway.post(WebhookBody.text(id: "wamid.\(number)"))
                    #expect(reply.status == 503 && reply[header: "Retry-After"] != nil)
                    return ContinuousClock.now - began
                }
            }
            return try await group.reduce(.zero) { max($0, $1) }
        }
    }

    private static func expectRefusal(by gateway: Gateway) async throws {
        let began = ContinuousClock.now
        let reply = try await gateway.post(WebhookBody.text(id: "wamid.refused"))
        #expect(reply.status == 503 && reply[header: "Retry-After"] != nil)
        #expect(ContinuousClock.now - began < .seconds(2))
    }
}
