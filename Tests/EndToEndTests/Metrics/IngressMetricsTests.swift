import Glibc
import TestSupport
import Testing

@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct IngressMetricsTests {
    private static let events = "whatsapp_ingress_events_total"

    @Test func `Each request counts once, by the status of its answer`() async throws {
        try await MeteredGateway.running([.ingress]) { settings in
            settings.further = ["INGRESS_MAX_BODY_BYTES": "2000"]
        } body: { test in
            let (gateway, url) = (test.gateway, test.gateway.ingressURL)
            for number in 1...3 {
                #expect(try await gateway.post(WebhookBody.text(id: "wamid.\(number)")).status == 200)
            }
            #expect(try await gateway.post(Array("{}".utf8)).status == 400)
            #expect(try await gateway.post(Array("{}".utf8), signature: nil).status == 401)
            #expect(try await PlainHTTP.get("\(url)/webhook?hub.mode=subscribe").status == 403)
            #expect(try await PlainHTTP.get("\(url)/nowhere").status == 404)
            #expect(try await PlainHTTP.call("DELETE", "\(url)/webhook").status == 405)
            #expect(try await gateway.post([UInt8](repeating: 0x20, count: 2001)).status == 413)
            let metrics = try await test.metrics(.ingress)
            for (status, count) in [(200, 3.0), (400, 1), (401, 1), (403, 1), (404, 1), (405, 1), (413, 1), (503, 0)] {
                #expect(metrics["whatsapp_ingress_requests_total", ["status": "\(status)"]] == count)
                #expect(metrics["whatsapp_ingress_request_seconds_count", ["status": "\(status)"]] == count)
            }
            #expect(metrics.sum(of: "whatsapp_ingress_requests_total") == 9)
            let seconds = try #require(metrics["whatsapp_ingress_request_seconds_sum", ["status": "200"]])
            #expect(seconds > 0 && seconds < 30)
            try await gateway.server.stop()
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.4")).status == 503)
            let after = try await test.metrics(.ingress)
            #expect(after["whatsapp_ingress_requests_total", ["status": "503"]] == 1)
            // What was not published is not counted as if it were.
            #expect(after[Self.events, ["account": "my_account", "kind": "message"]] == 3)
        }
    }

    @Test func `Events count by account and kind, and what is not published counts too`() async throws {
        try await MeteredGateway.running([.ingress]) { test in
            let gateway = test.gateway
            let account = GatewayAccount.myAccount
            try await gateway.post(WebhookBody.text(id: "wamid.1"))
            try await gateway.post(WebhookBody.text(id: "wamid.2", to: .support))
            let metadata = #""metadata":{"phone_number_id":"\#(account.phoneNumberID)"}"#
            let changes = [
                #"{"field":"messages","value":{\#(metadata),"statuses":[{"id":"a"},{"id":"b"}],"errors":[{"code":1}]}}"#,
                #"{"field":"calls","value":{\#(metadata)}}"#, #"{"field":"account_update","value":{}}"#,
                #"{"field":"messages","value":{"metadata":{"phone_number_id":"1"}}}"#,
            ]
            let entry = #"{"id":"1","changes":[\#(changes.joined(separator: ","))]}"#
            try await gateway.post(Array(#"{"object":"whatsapp_business_account","entry":[\#(entry)]}"#.utf8))
            try await gateway.post(Array(#"{"object":"instagram","entry":[\#(entry)]}"#.utf8))
            // Larger than the 1 MiB that the server takes; its message alone is small.
            let filler = String(repeating: "x", count: 1_100_000)
            let message = #"{"field":"messages","value":{\#(metadata),"x":"\#(filler)","messages":[{"id":"c"}]}}"#
            let large = #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[\#(message)]}]}"#
            #expect(try await gateway.post(Array(large.utf8)).status == 200)

            let metrics = try await test.metrics(.ingress)
            let counts = [
                ("my_account", "webhook", 2.0), ("my_account", "message", 2), ("my_account", "message_type", 2),
                ("my_account", "status", 2), ("my_account", "error", 1), ("my_account", "field", 1),
                ("support", "webhook", 1), ("support", "message", 1), ("support", "status", 0), ("", "field", 1),
                ("", "unrouted", 1),
            ]
            for (account, kind, count) in counts {
                #expect(metrics[Self.events, ["account": account, "kind": kind]] == count, "\(account) \(kind)")
            }
            let stored = try await gateway.messageCount(of: "WHATSAPP_IN")
            #expect(metrics.sum(of: Self.events) == Double(stored))
            #expect(metrics["whatsapp_ingress_webhook_omitted_total", ["account": "my_account"]] == 1)
            #expect(metrics["whatsapp_ingress_foreign_objects_total"] == 1)
        }
    }

    @Test func `Reloads with other accounts lose no series, and double none`() async throws {
        let port = try FreePort.find()
        try await Gateway.running([]) { settings in
            settings.further["INGRESS_ADMIN"] = "127.0.0.1:\(port)"
        } body: { gateway in
            var environment = gateway.settings.environment
            for account in gateway.settings.accounts { environment[account.variable] = nil }
            func file(_ accounts: [GatewayAccount]) -> String {
                accounts.map { "\($0.variable)=\($0.phoneNumberID)\n" }.joined()
            }
            let newcomer = GatewayAccount(name: "newcomer", phoneNumberID: "5550001", token: "")
            let ingress = try await GatewayProcess.start(
                .ingress, environment, files: [".env": file([.myAccount, .support])])
            try await ingress.ready()
            func reload(_ accounts: [GatewayAccount]) async throws {
                try ingress.folder.write(file(accounts), to: ".env")
                let before = ingress.notices.notices.count
                ingress.process.signal(SIGHUP)
                try await ingress.notices.waitForNotice("the end of a reload", from: before) { $0.isReady }
            }
            func metrics() async throws -> MetricsText {
                let metrics = MetricsText(try await PlainHTTP.get("http://127.0.0.1:\(port)/metrics").body)
                #expect(Set(metrics.lines).count == metrics.lines.count)
                return metrics
            }
            func message(_ account: String) -> [String: String] { ["account": account, "kind": "message"] }
            func count(_ metrics: MetricsText, _ account: GatewayAccount) -> Double? {
                metrics[Self.events, ["account": account.name, "kind": "message"]]
            }

            try await gateway.post(WebhookBody.text(id: "wamid.1", to: .support))
            #expect(count(try await metrics(), newcomer) == nil)
            try await reload([.myAccount, newcomer])
            let second = try await metrics()
            #expect(count(second, newcomer) == 0 && count(second, .support) == 1 && count(second, .myAccount) == 0)
            try await gateway.post(WebhookBody.text(id: "wamid.2", to: newcomer))
            try await gateway.post(WebhookBody.text(id: "wamid.3", to: .support))
            try await reload([.myAccount, .support])
            try await gateway.post(WebhookBody.text(id: "wamid.4", to: .support))
            let last = try await metrics()
            #expect(count(last, newcomer) == 1 && count(last, .support) == 2)
            #expect(last[Self.events, ["account": "", "kind": "unrouted"]] == 1)
            #expect(last["whatsapp_ingress_requests_total", ["status": "200"]] == 4)
            try await ingress.stop()
        }
    }
}
