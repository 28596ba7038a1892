import Glibc
import NATSClient
import TestSupport
import Testing

/// How an ingress ends, and what does not end it.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct IngressStopTests {
    @Test func `On SIGTERM every webhook in flight is answered once NATS has it, and the exit status is 0`()
        async throws
    {
        try await Gateway.running([.ingress], server: .with { $0.jetStream = false }, awaitingReadiness: false) {
            gateway async throws in
            let stream = try await ScriptedStream(on: gateway.nats)
            try await gateway.ingress.ready()
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<16 {
                    group.addTask { try await gateway.post(WebhookBody.text(id: "wamid.\(number)")).status }
                }
                try await stream.waitForMessages(16 * 3)
                gateway.ingress.process.terminate()
                try await gateway.ingress.notices.waitForNotice("STOPPING=1") { $0.isStopping }
                try await eventually("a new connection is refused") {
                    (try? await PlainHTTP.get("\(gateway.ingressURL)/health")) == nil
                }
                try await gateway.ingress.notices.waitForNotice("time for the drain") {
                    $0["EXTEND_TIMEOUT_USEC"] == "15000000"
                }
                stream.acknowledge()
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await gateway.ingress.process.waitForExit() == .exited(0))
        }
    }

    @Test
    func `On SIGTERM under load nothing is stored that was not answered 200, and nothing answered 200 is missing`()
        async throws
    {
        let seed = Seed.forTest()
        try await Gateway.running([.ingress]) { gateway async throws in
            let load = WebhookLoad(on: gateway, seed: seed)
            async let running = load.run(connections: 16, repeats: false)
            try await load.waitForMore(100)
            let began = ContinuousClock.now
            #expect(try await gateway.ingress.stop() == .exited(0))
            Measurement.print("drain of an ingress under load", ContinuousClock.now - began)
            load.stop()
            let outcome = await running
            let stored = try await gateway.stored(in: "WHATSAPP_IN").compactMap { $0.header("Nats-Msg-Id") }
            let texts = stored.filter { $0.hasPrefix("my_account:message.text:") }.map {
                String($0.split(separator: ":")[2])
            }
            #expect(Set(texts) == outcome.accepted)
            #expect(outcome.answers.keys.allSatisfy { $0 == 200 || $0 == 503 })
        }
    }

    @Test func `A socket that systemd passes on is used, and restarts over it refuse no connection`() async throws {
        let seed = Seed.forTest()
        let socket = try ListeningPort()
        try await Gateway.running([]) {
            $0.port = socket.number
        } body: { gateway async throws in
            var environment = gateway.settings.environment
            environment["PORT"] = "1"
            var ingress = try await GatewayProcess.start(.ingress, environment, listeningOn: socket)
            try await ingress.ready()
            try await ingress.log.waitForLine { $0.contains("level=warning") && $0.contains("\(socket.number)") }
            let load = WebhookLoad(on: gateway, seed: seed)
            async let running = load.run(connections: 8)
            for _ in 0..<3 {
                try await load.waitForMore(30)
                #expect(try await ingress.stop() == .exited(0))
                ingress = try await GatewayProcess.start(.ingress, environment, listeningOn: socket)
            }
            try await load.waitForMore(30)
            load.stop()
            let outcome = await running
            #expect(outcome.refused == 0)
            let stored = try await gateway.stored(in: "WHATSAPP_IN").compactMap { $0.header("Nats-Msg-Id") }
            #expect(Set(stored).count == stored.count)
            #expect(outcome.accepted.allSatisfy { stored.contains("my_account:message.text:\($0)") })
        }
    }

    @Test func `SIGINT is as good as SIGTERM, and a second signal hurries nothing`() async throws {
        try await Gateway.running([.ingress], server: .with { $0.jetStream = false }, awaitingReadiness: false) {
            gateway async throws in
            let stream = try await ScriptedStream(on: gateway.nats)
            try await gateway.ingress.ready()
            async let reply = gateway.post(WebhookBody.text(id: "wamid.1"))
            try await stream.waitForMessages(3)
            gateway.ingress.process.signal(SIGINT)
            try await gateway.ingress.notices.waitForNotice("STOPPING=1") { $0.isStopping }
            gateway.ingress.process.signal(SIGINT)
            gateway.ingress.process.terminate()
            stream.acknowledge()
            #expect(try await reply.status == 200)
            #expect(try await gateway.ingress.process.waitForExit() == .exited(0))
        }
    }

    @Test func `Whatever bytes come to the port, the ingress goes on and publishes nothing`() async throws {
        let seed = Seed.forTest()
        try await Gateway.running([.ingress]) { gateway async throws in
            let tap = try await NATSTap(on: gateway.nats)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        var garbage = HTTPGarbage(seed: Seed(seed.value &+ UInt64(number)))
                        for _ in 0..<40 { try await garbage.attack(port: gateway.settings.port) }
                    }
                }
                try await group.waitForAll()
            }
            #expect(gateway.ingress.process.isRunning)
            #expect(try await PlainHTTP.get("\(gateway.ingressURL)/health").status == 200)
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.1")).status == 200)
            #expect(try await tap.everything().count == 3)
        }
    }
}
