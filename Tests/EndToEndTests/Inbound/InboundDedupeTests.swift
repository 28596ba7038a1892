import TestSupport
import Testing

/// Nothing is stored twice within the dedupe window, however it comes twice.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct InboundDedupeTests {
    @Test func `The same body posted to two ingresses at the same moment is stored once`() async throws {
        try await Gateway.running([.ingress]) { gateway async throws in
            var environment = gateway.settings.environment
            let port = try FreePort.find()
            environment["PORT"] = "\(port)"
            let second = try await GatewayProcess.start(.ingress, environment)
            try await second.ready()
            for number in 0..<50 {
                let body = WebhookBody.text(id: "wamid.\(number)")
                let signature = WebhookSignature.headerValue(of: body, secret: gateway.settings.appSecret)
                async let here = gateway.post(body)
                async let there = PlainHTTP.post(
                    "http://127.0.0.1:\(port)/webhook", body: body, headers: [(WebhookSignature.headerName, signature)])
                #expect(try await here.status == 200)
                #expect(try await there.status == 200)
            }
            #expect(try await gateway.messageCount(of: "WHATSAPP_IN") == 50 * 3)
            try await second.stop()
        }
    }

    @Test func `A repeat after a partial failure adds only what was missing`() async throws {
        try await Gateway.running([]) { gateway async throws in
            let settings =
                #""name":"WHATSAPP_IN","subjects":["whatsapp.*.in.>","whatsapp.event.*"],"discard":"new","#
                + #""storage":"file","duplicate_window":3600000000000,"retention":"limits","num_replicas":1"#
            _ = try await gateway.jetStream("STREAM.CREATE.WHATSAPP_IN", #"{\#(settings),"max_msgs":2}"#)
            let ingress = try await GatewayProcess.start(.ingress, gateway.settings.environment)
            try await ingress.ready()
            let body = WebhookBody.text(id: "wamid.1")
            let refused = try await gateway.post(body)
            #expect(refused.status == 503 && refused[header: "Retry-After"] != nil)
            #expect(try await gateway.messageCount(of: "WHATSAPP_IN") == 2)

            _ = try await gateway.jetStream("STREAM.UPDATE.WHATSAPP_IN", #"{\#(settings),"max_msgs":-1}"#)
            #expect(try await gateway.post(body).status == 200)
            #expect(try await gateway.messageCount(of: "WHATSAPP_IN") == 3)
            try await ingress.stop()
        }
    }
}
