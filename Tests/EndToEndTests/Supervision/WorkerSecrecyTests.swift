import Glibc
import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// Which process knows which secret, and where none is ever seen.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct WorkerSecrecyTests {
    @Test(arguments: [false, true])
    func `Each worker has its own secrets in its environment and no other's, with a .env at hand too`(
        fromEnvFile: Bool
    ) async throws {
        let settings = try GatewaySettings()
        let secrets = settings.accounts.map { "\($0.variable)=\($0.phoneNumberID):\($0.token)\n" }.joined()
        try await Gateway.running([.supervisor], files: fromEnvFile ? [".env": secrets] : [:]) { settings in
            if fromEnvFile { for account in settings.accounts { settings.further[account.variable] = "" } }
        } body: { gateway async throws in
            let workers = gateway.supervisor.workers
            #expect(workers.keys.sorted() == ["egress-my_account", "egress-support", "ingress"])
            let belongings = [
                "egress-my_account": [GatewayAccount.myAccount.token],
                "egress-support": [GatewayAccount.support.token],
                "ingress": [gateway.settings.appSecret, gateway.settings.verifyToken],
            ]
            for (name, processID) in workers {
                guard let environment = ProcessTable.environment(of: processID) else {
                    // Undumpable: nothing can be checked here without that right.
                    #expect(!ProcessTable.mayReadUndumpable)
                    Measurement.print("not checked without CAP_SYS_PTRACE: the environment of \(name)")
                    continue
                }
                let values = environment.values.joined(separator: "\n")
                for secret in gateway.settings.secrets {
                    #expect(values.contains(secret) == belongings[name]?.contains(secret), "\(name): \(secret)")
                }
            }
        }
    }

    @Test func `No process of its user can read the environment of a supervisor or a worker`() async throws {
        try await Gateway.running([]) { gateway in
            let supervisor = try await GatewayProcess.start(
                .supervisor, gateway.settings.environment, through: ProcessTable.withoutRights)
            try await supervisor.ready()
            for processID in [supervisor.processID] + supervisor.workers.values {
                #expect(try await !ProcessTable.isEnvironmentOpen(of: processID))
            }
            let sleep = ProcessTable.withoutRights + ["/bin/sleep", "60"]
            let other = try await RunningProcess.start(sleep[0], arguments: Array(sleep.dropFirst()))
            try await eventually("another's is open") { try await ProcessTable.isEnvironmentOpen(of: other.processID) }
        }
    }

    @Test func `No secret is in a log, in a message, or in the arguments of a process`() async throws {
        let password = "nats-password-of-the-tests"
        try await Gateway.running([.supervisor], server: .with { $0.login = ("gateway", password) }) {
            $0.further["LOG_LEVEL"] = "trace"
        } body: { gateway async throws in
            let tap = try await NATSTap(on: gateway.nats, ">")
            // Whatever goes right and wrong between Meta and a bot.
            for name in ["text_simple", "routing_unknown_number", "errors_value_level", "field_security"] {
                #expect(try await gateway.post(InboundFixture.named(name).body).status == 200)
            }
            _ = try await gateway.post(Array("{}".utf8))
            _ = try await gateway.post(Array("{}".utf8), signature: "sha256=00")
            _ = try await PlainHTTP.get(
                "\(gateway.ingressURL)/webhook?hub.mode=subscribe&hub.challenge=1&hub.verify_token="
                    + gateway.settings.verifyToken)
            let message = #"{"to":"447700900123","text":"hello"}"#
            #expect(try await gateway.request("sendMessage", message).header("Nats-Service-Error") == nil)
            _ = try await gateway.request("sendMessage", #"{"to":""}"#)
            _ = try await gateway.request("raw", #"{"method":"GET","path":"nobody/knows"}"#)
            gateway.graph.faults.disturbance = .reset
            _ = try await gateway.request("sendMessage", message)
            gateway.graph.clearFaults()
            gateway.expireToken(of: .support)
            _ = try await gateway.request("sendMessage", message, of: .support)

            let processes = [gateway.supervisor.processID] + gateway.supervisor.workers.values
            let arguments = processes.flatMap { ProcessTable.arguments(of: $0) }
            #expect(arguments.count { $0.hasSuffix("whatsapp-egress") } == 2)
            let messages = try await tap.everything()
            #expect(messages.count > 10)
            #expect(try await gateway.supervisor.stop() == .exited(0))
            try await gateway.supervisor.log.waitForEnd()

            for secret in gateway.settings.secrets + [password] {
                #expect(!gateway.supervisor.log.text.contains(secret), "the log: \(secret)")
                #expect(!arguments.contains { $0.contains(secret) }, "arguments: \(secret)")
                #expect(!gateway.supervisor.notices.notices.contains { $0.description.contains(secret) })
                for message in messages {
                    let text =
                        ([message.subject, String(decoding: message.payload, as: UTF8.self)]
                        + message.headers.map { "\($0.name): \($0.value)" }).joined(separator: "\n")
                    #expect(!text.contains(secret), "\(message.subject): \(secret)")
                }
            }
        }
    }
}
