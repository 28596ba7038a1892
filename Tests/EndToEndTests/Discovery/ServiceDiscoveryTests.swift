import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// What NATS' service discovery shows of the gateway's processes.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct ServiceDiscoveryTests {
    @Test(.enabled(if: PythonEnvironment.isAvailable, "\(PythonEnvironment.absence)"))
    func `NATS' Python client finds both services, and their statistics tell of the traffic there was`() async throws {
        try await Gateway.running([.ingress, .egress]) { gateway in
            for number in 0..<2 {
                #expect(try await gateway.post(WebhookBody.text(id: "wamid.\(number)")).status == 200)
            }
            #expect(try await gateway.post(WebhookBody.text(id: "wamid.2"), signature: "sha256=00").status == 401)
            #expect(try await gateway.post(Array("{}".utf8)).status == 400)
            let refusal = #"{"error":{"message":"No text to 447700900123","type":"OAuthException","code":131026}}"#
            gateway.graph.script(ScriptedAnswer(status: 400, body: Array(refusal.utf8)))

            let python = try await PythonEnvironment.start("discovery.py", arguments: [gateway.server.url])
            #expect(try await python.waitForExit(within: .seconds(60)) == .exited(0), "\(python.standardError.tail)")
            try await python.standardOutput.waitForEnd()
            let seen = try JSONTree(python.standardOutput.text.utf8)

            #expect(seen["replies"] == .array([.string("400"), .string("sent"), .string("400")]))
            for kind in ["pings", "infos", "stats"] {
                guard case .object(let services) = seen[kind] else { Issue.record("no \(kind)"); continue }
                #expect(Set(services.keys) == ["whatsapp-ingress", "whatsapp-egress"])
            }
            let info = try #require(seen["infos"]?["whatsapp-egress"])
            #expect(info["metadata"]?["pid"]?.string == "\(gateway.egress.processID)")
            #expect(info["endpoints"]?[0]?["name"]?.string == "my_account")
            #expect(info["endpoints"]?[0]?["subject"]?.string == "whatsapp.my_account.out.*")
            #expect(info["endpoints"]?[0]?["queue_group"]?.string == "whatsapp-egress")
            #expect(info["endpoints"]?[1]?["name"]?.string == "support" && info["endpoints"]?[2] == nil)
            let webhook = try #require(seen["infos"]?["whatsapp-ingress"]?["endpoints"]?[0])
            #expect(webhook["name"]?.string == "webhook" && webhook["subject"]?.string == "whatsapp.*.in.>")
            #expect(webhook["metadata"]?["http"]?.string == "POST /webhook")

            let egress = try #require(seen["stats"]?["whatsapp-egress"]?["endpoints"])
            Self.expect(egress[0], requests: 3, errors: 2, lastError: "400:InvalidRequest")
            Self.expect(egress[1], requests: 0, errors: 0, lastError: "")
            let ingress = seen["stats"]?["whatsapp-ingress"]?["endpoints"]?[0]
            Self.expect(ingress, requests: 4, errors: 2, lastError: "400:no webhook")
            for secret in gateway.settings.secrets + ["447700900123", "106540352242922", "No text"] {
                #expect(!python.standardOutput.text.contains(secret), "\(secret)")
            }
        }
    }

    private static func expect(
        _ endpoint: JSONTree?, requests: Int, errors: Int, lastError: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(endpoint?["num_requests"]?.int == requests, sourceLocation: sourceLocation)
        #expect(endpoint?["num_errors"]?.int == errors, sourceLocation: sourceLocation)
        #expect(endpoint?["last_error"]?.string == lastError, sourceLocation: sourceLocation)
        let (total, average) = (endpoint?["processing_time"]?.int ?? -1, endpoint?["average_processing_time"]?.int)
        #expect(requests == 0 ? total == 0 : total > 0, sourceLocation: sourceLocation)
        #expect(average == (requests == 0 ? 0 : total / requests), sourceLocation: sourceLocation)
    }

    @Test func `A draining egress is not found any more, while it answers what it has`() async throws {
        try await Gateway.running([.egress]) { gateway in
            #expect(try await Self.isFound(gateway))
            gateway.graph.faults.latency = .seconds(3) ... .seconds(3)
            async let answer = Bot(gateway).text("the last one", within: 10_000)
            _ = try await gateway.graph.waitForRequests(1)
            gateway.egress.process.terminate()
            try await gateway.egress.status(containing: "draining")
            try await eventually("nobody answers discovery") { try await !Self.isFound(gateway) }
            #expect(gateway.egress.process.isRunning)
            #expect(try await answer.failure == nil)
            #expect(try await gateway.egress.process.waitForExit(within: .seconds(20)) == .exited(0))
        }
    }

    @Test(arguments: [GatewayProcess.Product.ingress, .egress])
    func `A process whose user may not be discovered is ready, works, and says once what to grant`(
        _ product: GatewayProcess.Product
    ) async throws {
        let options = NATSServerOptions.with {
            $0.furtherLines = [
                "no_auth_user: gateway",
                #"authorization { users = [{ user: gateway, password: p, permissions: { subscribe: { deny: ["$SRV.>"] } } }] }"#,
            ]
        }
        try await Gateway.running([product], server: options) { gateway in
            let process = try #require(gateway.processes.first)
            try await process.log.waitForLine(containing: "permit its user to subscribe")
            if product == .egress {
                #expect(try await Bot(gateway).text("hello").failure == nil)
            } else {
                #expect(try await gateway.post(WebhookBody.text(id: "wamid.1")).status == 200)
            }
            try await process.stop()
            #expect(process.log.lines.filter { $0.contains("permit") }.count == 1)
            #expect(!process.log.text.contains("level=error"))
        }
    }

    private static func isFound(_ gateway: Gateway) async throws -> Bool {
        do throws(NATSError) {
            _ = try await gateway.nats.request(
                OutgoingMessage(subject: "$SRV.PING.whatsapp-egress", payload: []), timeout: .milliseconds(500))
            return true
        } catch {
            return false
        }
    }
}
