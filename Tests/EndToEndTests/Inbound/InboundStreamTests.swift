import NATSClient
import TestSupport
import Testing

/// The stream `WHATSAPP_IN`: how it is made, and what becomes of one that is there already.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct InboundStreamTests {
    private static let hour = 3_600_000_000_000

    @Test func `The ingress makes the stream with the settings of the manual`() async throws {
        try await Gateway.running([.ingress]) { gateway async throws in
            let configuration = try await gateway.jetStream("STREAM.INFO.WHATSAPP_IN")["config"]
            #expect(
                configuration?["subjects"] == .array([.string("whatsapp.*.in.>"), .string("whatsapp.event.*")]))
            #expect(configuration?["retention"] == .string("limits"))
            #expect(configuration?["discard"] == .string("new"))
            #expect(configuration?["storage"] == .string("file"))
            #expect(configuration?["num_replicas"] == .number(1))
            #expect(configuration?["max_age"]?.int == 72 * Self.hour)
            #expect(configuration?["duplicate_window"]?.int == Self.hour)
            #expect(configuration?["max_bytes"] == .number(-1))
        }
    }

    @Test func `STREAM variables decide how it is made, and memory is warned of`() async throws {
        try await Gateway.running([.ingress]) {
            $0.further = [
                "STREAM_STORAGE": "memory", "STREAM_MAX_AGE": "48h", "STREAM_DEDUPE_WINDOW": "2h",
                "STREAM_MAX_BYTES": "1000000",
            ]
        } body: { gateway async throws in
            let configuration = try await gateway.jetStream("STREAM.INFO.WHATSAPP_IN")["config"]
            #expect(configuration?["storage"] == .string("memory"))
            #expect(configuration?["max_age"]?.int == 48 * Self.hour)
            #expect(configuration?["duplicate_window"]?.int == 2 * Self.hour)
            #expect(configuration?["max_bytes"]?.int == 1_000_000)
            try await gateway.ingress.log.waitForLine { $0.contains("level=warning") && $0.contains("memory") }
        }
    }

    @Test func `A stream that is full is answered 503, and what it holds stays`() async throws {
        try await Gateway.running([.ingress]) {
            $0.further["STREAM_MAX_BYTES"] = "20000"
        } body: { gateway async throws in
            let text = String(repeating: "x", count: 1000)
            var statuses: [Int] = []
            for number in 0..<20 {
                let reply = try await gateway.post(WebhookBody.text(id: "wamid.\(number)", text: text))
                statuses.append(reply.status)
                if reply.status == 503 { #expect(reply[header: "Retry-After"] != nil) }
            }
            #expect(statuses.first == 200 && statuses.last == 503 && Set(statuses) == [200, 503])
            let stored = try await gateway.stored(in: "WHATSAPP_IN")
            #expect(stored.first?.header("Nats-Msg-Id")?.hasPrefix("my_account:webhook:") == true)
            for (number, status) in statuses.enumerated() where status == 200 {
                #expect(stored.contains { $0.header("Nats-Msg-Id") == "my_account:message.text:wamid.\(number)" })
            }
        }
    }

    /// A stream that is there before the ingress is, and what has to be named.
    struct Rival: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let name: String
        let configuration: String
        let words: [String]

        init(_ description: String, named name: String = "WHATSAPP_IN", _ configuration: String, naming words: [String])
        {
            self.testDescription = description
            self.name = name
            self.configuration = configuration
            self.words = words
        }

        static let subjects = #""subjects":["whatsapp.*.in.>","whatsapp.event.*"]"#

        static let all = [
            Rival(
                "short dedupe window", #"\#(Self.subjects),"discard":"new","duplicate_window":120000000000"#,
                naming: ["WHATSAPP_IN", "dedupe window"]),
            Rival(
                "discards old messages", #"\#(Self.subjects),"discard":"old","duplicate_window":3600000000000"#,
                naming: ["WHATSAPP_IN", "discards old"]),
            Rival(
                "work queue",
                #"\#(Self.subjects),"discard":"new","retention":"workqueue","duplicate_window":3600000000000"#,
                naming: ["WHATSAPP_IN", "retention workqueue"]),
            Rival(
                "without the subjects of events",
                #""subjects":["whatsapp.*.in.>"],"discard":"new","duplicate_window":3600000000000"#,
                naming: ["WHATSAPP_IN", "whatsapp.event.*"]),
            Rival(
                "another stream over the subjects", named: "EVERYTHING",
                #""subjects":["whatsapp.>"],"discard":"new","duplicate_window":3600000000000"#,
                naming: ["WHATSAPP_IN", "EVERYTHING"]),
        ]
    }

    @Test(arguments: Rival.all)
    func `Into a stream that breaks a promise nothing is put, it is named, and it is left as it is`(
        rival: Rival
    ) async throws {
        try await Gateway.running([]) { gateway async throws in
            let made = try await gateway.jetStream(
                "STREAM.CREATE.\(rival.name)", #"{"name":"\#(rival.name)",\#(rival.configuration)}"#)
            let ingress = try await GatewayProcess.start(.ingress, gateway.settings.environment)
            let status = try await ingress.status(containing: rival.words[1])
            #expect(rival.words.allSatisfy { status.contains($0) })
            try await ingress.log.waitForLine { line in
                line.contains("level=error") && rival.words.allSatisfy { line.contains($0) }
            }
            let reply = try await gateway.post(WebhookBody.text(id: "wamid.1"))
            #expect(reply.status == 503 && reply[header: "Retry-After"] != nil)
            #expect(!ingress.notices.notices.contains { $0.isReady })
            let found = try await gateway.jetStream("STREAM.INFO.\(rival.name)")
            #expect(found["config"] == made["config"])
            #expect(try await gateway.messageCount(of: rival.name) == 0)
            #expect(ingress.process.isRunning)
        }
    }

    @Test func `A stream that keeps every promise is used, whatever else it is set to`() async throws {
        try await Gateway.running([]) { gateway async throws in
            let made = try await gateway.jetStream(
                "STREAM.CREATE.WHATSAPP_IN",
                #"{"name":"WHATSAPP_IN","subjects":["whatsapp.>"],"discard":"new","storage":"memory","#
                    + #""duplicate_window":7200000000000,"max_age":9000000000000}"#)
            let ingress = try await GatewayProcess.start(.ingress, gateway.settings.environment)
            try await ingress.ready()
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.1")).status == 200)
            #expect(try await gateway.messageCount(of: "WHATSAPP_IN") == 3)
            #expect(try await gateway.jetStream("STREAM.INFO.WHATSAPP_IN")["config"] == made["config"])
        }
    }

    @Test func `A server without JetStream is named, webhooks are answered 503, and all is well once it has it`()
        async throws
    {
        try await Gateway.running([.ingress], server: .with { $0.jetStream = false }, awaitingReadiness: false) {
            gateway async throws in
            try await gateway.ingress.status(containing: "NATS has no JetStream")
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.1")).status == 503)
            #expect(try await PlainHTTP.get("\(gateway.ingressURL)/health").status == 200)
            try await gateway.ingress.log.waitForLine(containing: "INGRESS_DELIVERY=core")
            try await gateway.server.restart(with: NATSServerOptions())
            try await gateway.ingress.ready()
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.1")).status == 200)
        }
    }
}
