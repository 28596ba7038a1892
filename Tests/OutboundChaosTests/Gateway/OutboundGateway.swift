import GraphSimulator
import NATSClient
import NATSTestSupport
import TestSupport

/// Something that a fault or the gateway did not do as it must.
struct OutboundTrouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// What a round works on: a nats-server, the Graph simulator, an ingress for its status webhooks, and two hosts whose
/// workers serve the same accounts.
struct OutboundGateway: Sendable {
    /// `EGRESS_GRAPH_TIMEOUT_MS`.
    static let graphTimeout = Duration.seconds(2)
    private static let appSecret = "app-secret-of-the-chaos-tests"

    let server: NATSServer
    let graph: GraphSimulator
    /// When the simulator was started: its own times count from then.
    let graphStart: ContinuousClock.Instant
    let hosts: [GatewayHost]
    /// Whether the hosts have names of their own.
    let hasNames: Bool
    /// The test's own connection.
    let connection: NATSConnection
    private let ingress: RunningProcess

    /// Runs a gateway for as long as the closure takes; whatever was started is gone afterwards, however that ends.
    static func running<Result>(seed: Seed, _ body: (OutboundGateway) async throws -> Result) async throws -> Result {
        let port = try FreePort.find()
        let configuration = SimulatorConfiguration(
            accounts: ChaosAccount.all.map {
                SimulatedAccount(phoneNumberID: $0.phoneNumberID, accessToken: $0.token, name: $0.name)
            },
            webhooks: WebhookTarget(url: "http://127.0.0.1:\(port)/webhook", appSecret: self.appSecret), seed: seed)
        return try await NATSServer.running { server in
            let start = ContinuousClock.now
            return try await GraphSimulator.running(configuration) { graph in
                try await withConnection(to: server) { connection in
                    let environment = self.environment(natsURL: server.url, graphURL: graph.url, port: port)
                    let hasNames = await GatewayHost.mayHaveNames()
                    let gateway = OutboundGateway(
                        server: server, graph: graph, graphStart: start,
                        hosts: ["chaos-a", "chaos-b"].map {
                            GatewayHost($0, environment: environment, hasName: hasNames)
                        },
                        hasNames: hasNames, connection: connection,
                        ingress: try await self.startIngress(environment))
                    return try await gateway.run(body)
                }
            }
        }
    }

    private func run<Result>(_ body: (OutboundGateway) async throws -> Result) async throws -> Result {
        do {
            for host in self.hosts { try await host.start() }
            let result = try await body(self)
            await self.drain()
            self.ingress.kill()
            return result
        } catch {
            await self.drain()
            self.ingress.kill()
            throw error
        }
    }

    /// Drains both hosts: nothing is sent afterwards.
    func drain() async {
        await withTaskGroup(of: Void.self) { group in
            for host in self.hosts { group.addTask { await host.drain() } }
        }
    }

    /// The host whose worker has the lane of an account, as far as the logs tell.
    func holder(of account: ChaosAccount) -> GatewayHost? {
        self.hosts.map { ($0, $0.lastTenure(of: account)) }.filter { $0.1 != nil }
            .max { ($0.1 ?? "") < ($1.1 ?? "") }?.0
    }

    /// What each process has logged, by its name; of nats-server only what its latest life has.
    var logs: [String: [String]] {
        var logs = ["ingress": self.ingress.standardError.lines, "nats-server": self.server.log.lines]
        for host in self.hosts { logs[host.name] = host.log }
        return logs
    }

    private static func startIngress(_ environment: [String: String]) async throws -> RunningProcess {
        let folder = try TemporaryFolder()
        let notices = try NotifyListener()
        // A working directory of its own: an .env in the test's is not meant for it.
        let process = try await RunningProcess.start(
            BuildFolder.executable("whatsapp-ingress"),
            environment: environment.merging(["NOTIFY_SOCKET": notices.path]) { given, _ in given },
            workingDirectory: folder.path, keeping: folder)
        try await notices.waitForNotice("READY=1 of the ingress", within: .seconds(30)) { $0.isReady }
        return process
    }

    private static func environment(natsURL: String, graphURL: String, port: Int) -> [String: String] {
        var variables = [
            "PATH": "/usr/bin:/bin", "LOG_LEVEL": "debug", "LOG_FORMAT": "logfmt", "NATS_URL": natsURL,
            "GRAPH_URL": graphURL, "HOST": "127.0.0.1", "PORT": "\(port)", "APP_SECRET": self.appSecret,
            "WEBHOOK_VERIFY_TOKEN": "unused", "INGRESS_ADMIN": "off", "EGRESS_ADMIN": "off",
            "SUPERVISOR_ADMIN": "off", "SUPERVISOR_DRAIN_MS": "6000", "EGRESS_MAX_ATTEMPTS": "4",
            "EGRESS_GRAPH_TIMEOUT_MS": "\(Int(self.graphTimeout / .milliseconds(1)))",
        ]
        for account in ChaosAccount.all {
            variables["WA_\(account.name.uppercased())"] = "\(account.phoneNumberID):\(account.token)"
        }
        return variables
    }
}
