import Glibc
import NATSClient
import TestSupport
import Testing

/// SIGHUP of an ingress that reads its configuration from files.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct IngressReloadTests {
    /// An ingress beside a gateway, and the part of its configuration that is in its `.env`.
    private struct Reloading {
        let gateway: Gateway
        let ingress: GatewayProcess

        static func running(
            _ change: (inout GatewaySettings) -> Void = { _ in }, _ body: (Reloading) async throws -> Void
        ) async throws {
            try await Gateway.running([], change) { gateway in
                let file = Self.file(gateway.settings)
                let environment = gateway.settings.environment.filter { file[$0.key] == nil }
                let ingress = try await GatewayProcess.start(.ingress, environment, files: [".env": Self.text(file)])
                try await ingress.ready()
                try await body(Reloading(gateway: gateway, ingress: ingress))
                #expect(try await ingress.stop() == .exited(0))
            }
        }

        static func file(_ settings: GatewaySettings) -> [String: String] {
            settings.environment.filter { name, _ in
                ["WA_", "APP_SECRET", "WEBHOOK_", "INGRESS_MAX", "INGRESS_ACK"].contains { name.hasPrefix($0) }
            }
        }

        static func text(_ variables: [String: String]) -> String {
            variables.map { "\($0)=\($1)\n" }.sorted().joined()
        }

        /// Writes the file and has it read; returns when the ingress says that the reload is over.
        func reload(_ settings: GatewaySettings) async throws {
            try await self.reload(Self.text(Self.file(settings)))
        }

        func reload(_ text: String) async throws {
            try self.ingress.folder.write(text, to: ".env")
            let before = self.ingress.notices.notices.count
            self.ingress.process.signal(SIGHUP)
            try await self.ingress.notices.waitForNotice("the end of a reload", from: before) { $0.isReady }
            let notices = self.ingress.notices.notices.dropFirst(before)
            let begin = try #require(notices.firstIndex { $0["RELOADING"] == "1" && $0["MONOTONIC_USEC"] != nil })
            #expect(begin < notices.firstIndex { $0.isReady } ?? begin)
            #expect(notices.last { $0.isReady }?.status == "taking webhooks")
        }
    }

    private static func newcomer(_ number: Int) -> GatewayAccount {
        GatewayAccount(name: "new_\(number)", phoneNumberID: "55500\(number)", token: "EAAG-token-of-a-newcomer")
    }

    @Test
    func `Reloads under load: accounts that were added are routed, those taken away are not, and no webhook fails`()
        async throws
    {
        let seed = Seed.forTest()
        try await Reloading.running { test in
            let tap = try await NATSTap(on: test.gateway.nats)
            let load = WebhookLoad(on: test.gateway, seed: seed)
            async let running = load.run(connections: 8)
            for number in 0..<15 {
                var settings = test.gateway.settings
                settings.accounts.append(Self.newcomer(number))
                try await test.reload(settings)
                let body = WebhookBody.text(id: "wamid.new-\(number)", to: Self.newcomer(number))
                #expect(try await test.gateway.post(body).status == 200)
                try await tap.first("the newcomer's message") { $0.subject == "whatsapp.new_\(number).in.message" }
                if number > 0 {
                    let gone = WebhookBody.text(id: "wamid.gone-\(number)", to: Self.newcomer(number - 1))
                    #expect(try await test.gateway.post(gone).status == 200)
                    try await tap.first("what has no account any more") {
                        $0.subject == "whatsapp.event.unrouted"
                            && $0.header("Wa-Phone-Number-Id") == Self.newcomer(number - 1).phoneNumberID
                    }
                }
                try await load.waitForMore(20)
            }
            load.stop()
            let outcome = await running
            #expect(outcome.answers.keys.sorted() == [200] && outcome.broken == 0 && outcome.refused == 0)
            let stored = try await test.gateway.stored(in: "WHATSAPP_IN").compactMap { $0.header("Nats-Msg-Id") }
            #expect(outcome.accepted.allSatisfy { stored.contains("my_account:message.text:\($0)") })
            Measurement.print("15 reloads, \(outcome.accepted.count) webhooks meanwhile, all answered 200")
        }
    }

    @Test func `A wrong file is refused whole, each problem is a line, and nothing changes`() async throws {
        try await Reloading.running { test in
            var settings = test.gateway.settings
            settings.accounts.append(Self.newcomer(1))
            settings.further["INGRESS_MAX_BODY_BYTES"] = "0"
            let before = test.ingress.log.lines.count
            try await test.reload(Reloading.text(Reloading.file(settings)) + "nonsense\nWA_X=x:EAAG-broken-secret\n")
            let line = try await test.ingress.log.waitForLine(containing: "refused")
            #expect(line.contains("level=error"))
            let lines = test.ingress.log.lines.dropFirst(before).filter { $0.contains("level=error") }
            for part in ["INGRESS_MAX_BODY_BYTES", ".env:", "WA_X"] {
                #expect(lines.count { $0.contains(part) } == 1, "\(part) in \(lines)")
            }
            #expect(!test.ingress.log.text.contains("EAAG-broken-secret"))
            let tap = try await NATSTap(on: test.gateway.nats)
            #expect(try await test.gateway.post(WebhookBody.text(id: "wamid.1", to: Self.newcomer(1))).status == 200)
            #expect(try await tap.everything().map(\.subject) == ["whatsapp.event.unrouted"])
            // And a right one is taken afterwards.
            settings.further["INGRESS_MAX_BODY_BYTES"] = nil
            try await test.reload(settings)
            #expect(try await test.gateway.post(WebhookBody.text(id: "wamid.2", to: Self.newcomer(1))).status == 200)
            try await tap.first("the newcomer's message") { $0.subject == "whatsapp.new_1.in.message" }
        }
    }

    @Test func `Secrets, verify token and limits are taken over`() async throws {
        try await Reloading.running { test in
            let body = WebhookBody.text(id: "wamid.1")
            let signature = WebhookSignature.headerValue(of: body, secret: "rotated")
            #expect(try await test.gateway.post(body, signature: signature).status == 401)
            var settings = test.gateway.settings
            settings.appSecret = "rotated,\(settings.appSecret)"
            try await test.reload(settings)
            #expect(try await test.gateway.post(body, signature: signature).status == 200)
            #expect(try await test.gateway.post(body).status == 200)
            settings.appSecret = "rotated"
            settings.verifyToken = "another-verify-token"
            try await test.reload(settings)
            #expect(try await test.gateway.post(body).status == 401)
            settings.further["INGRESS_MAX_BODY_BYTES"] = "100"
            try await test.reload(settings)
            #expect(try await test.gateway.post(body, signature: signature).status == 413)
            let question = "\(test.gateway.ingressURL)/webhook?hub.mode=subscribe&hub.challenge=7&hub.verify_token="
            #expect(try await PlainHTTP.get(question + "another-verify-token").status == 200)
            #expect(try await PlainHTTP.get(question + test.gateway.settings.verifyToken).status == 403)
        }
    }

    @Test func `What only a restart takes over is named, and only where it differs`() async throws {
        try await Reloading.running { test in
            try await test.reload(test.gateway.settings)
            try await test.ingress.log.waitForLine(containing: "the configuration is reloaded")
            #expect(!test.ingress.log.text.contains("only a restart"))
            let text = Reloading.text(Reloading.file(test.gateway.settings))
            try await test.reload(text + "STREAM_MAX_AGE=24h\nSUPERVISOR_DRAIN_MS=1234\nINGRESS_DELIVERY=jetstream\n")
            let line = try await test.ingress.log.waitForLine(containing: "only a restart")
            #expect(line.contains("level=warning") && line.contains("SUPERVISOR_DRAIN_MS, STREAM_MAX_AGE"))
            #expect(!line.contains("INGRESS_DELIVERY"))
        }
    }

    @Test func `A reload while NATS is away ends, says so, and counts`() async throws {
        try await Reloading.running { test in
            try await test.gateway.server.stop()
            let away = test.ingress.notices.notices.count
            try await test.ingress.status(containing: "NATS", from: away)
            var settings = test.gateway.settings
            settings.verifyToken = "another-verify-token"
            try test.ingress.folder.write(Reloading.text(Reloading.file(settings)), to: ".env")
            let before = test.ingress.notices.notices.count
            test.ingress.process.signal(SIGHUP)
            let end = try await test.ingress.notices.waitForNotice("the end of the reload", from: before) { $0.isReady }
            #expect(end.status?.contains("NATS") == true)
            let question = "\(test.gateway.ingressURL)/webhook?hub.mode=subscribe&hub.challenge=7&hub.verify_token="
            #expect(try await PlainHTTP.get(question + "another-verify-token").status == 200)
            try await test.gateway.server.restart()
            try await test.ingress.status(containing: "taking webhooks", from: before)
        }
    }

    @Test func `A worker whose environment is complete passes SIGHUP over`() async throws {
        try await Gateway.running([]) { gateway in
            var environment = gateway.settings.environment
            environment["WHATSAPP_ENVIRONMENT"] = "complete"
            let ingress = try await GatewayProcess.start(.ingress, environment)
            try await ingress.ready()
            ingress.process.signal(SIGHUP)
            let line = try await ingress.log.waitForLine(containing: "SIGHUP is passed over")
            #expect(line.contains("level=warning"))
            #expect(!ingress.notices.notices.contains { $0["RELOADING"] != nil })
            #expect(try await ingress.stop() == .exited(0))
        }
    }
}
