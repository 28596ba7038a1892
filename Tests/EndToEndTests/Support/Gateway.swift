import Foundation
import GraphSimulator
import NATSClient
import NATSTestSupport
import TestSupport

/// The gateway for one test: a nats-server, a Graph simulator, processes between them, and a connection to watch it all.
struct Gateway: Sendable {
    let server: NATSServer
    /// Knows the accounts of the settings; posts no webhooks unless it is told where to.
    let graph: GraphSimulator
    let settings: GatewaySettings
    /// The test's own connection to NATS.
    let nats: NATSConnection
    /// In the order in which they were asked for.
    let processes: [GatewayProcess]

    /// Runs a gateway for as long as the closure takes; whatever it started is gone afterwards, however that ends.
    ///
    /// - Parameters:
    ///   - products: which processes to start.
    ///   - server: how nats-server is configured.
    ///   - isAwaited: whether every process must be ready before the closure is called.
    ///   - statuses: whether the simulator posts status webhooks to the ingress.
    ///   - files: written to the working directory of each process.
    ///   - change: changes to the configuration; the addresses of NATS and Graph are overridden by `further` alone.
    static func running<Result>(
        _ products: [GatewayProcess.Product], server options: NATSServerOptions = NATSServerOptions(),
        awaitingReadiness isAwaited: Bool = true, postingStatuses statuses: Bool = false,
        files: [String: String] = [:], _ change: (inout GatewaySettings) throws -> Void = { _ in },
        body: (Gateway) async throws -> Result
    ) async throws -> Result {
        try await NATSServer.running(options) { server in
            var settings = try GatewaySettings()
            settings.natsURL = server.url
            try change(&settings)
            return try await GraphSimulator.running(self.simulator(settings, postingStatuses: statuses)) { graph in
                settings.graphURL = graph.url
                return try await self.withConnection(to: server) { nats in
                    let processes = try await self.start(products, settings, files: files)
                    do {
                        if isAwaited { for process in processes { try await process.ready() } }
                        let result = try await body(
                            Gateway(server: server, graph: graph, settings: settings, nats: nats, processes: processes))
                        await self.end(processes)
                        return result
                    } catch {
                        await self.end(processes)
                        throw GatewayFailure(cause: error, logs: processes.map { $0.log.tail })
                    }
                }
            }
        }
    }

    private static func start(
        _ products: [GatewayProcess.Product], _ settings: GatewaySettings, files: [String: String]
    ) async throws -> [GatewayProcess] {
        var processes: [GatewayProcess] = []
        for product in products {
            processes.append(try await GatewayProcess.start(product, settings.environment, files: files))
        }
        return processes
    }

    /// Kills what still runs, and waits until a supervisor's workers are gone too: they hold its log open.
    private static func end(_ processes: [GatewayProcess]) async {
        for process in processes { process.process.kill() }
        for process in processes { try? await process.log.waitForEnd(within: .seconds(5)) }
    }

    var ingress: GatewayProcess { self.process(.ingress) }
    var egress: GatewayProcess { self.process(.egress) }
    var supervisor: GatewayProcess { self.process(.supervisor) }

    private func process(_ product: GatewayProcess.Product) -> GatewayProcess {
        guard let process = self.processes.first(where: { $0.product == product }) else {
            preconditionFailure("the test started no \(product.rawValue)")
        }
        return process
    }

    /// Connects to a server for as long as the closure takes.
    static func withConnection<Result>(
        to server: NATSServer, _ body: (NATSConnection) async throws -> Result
    ) async throws -> Result {
        // What is published while the server is away is kept until it is back.
        try await NATSTestSupport.withConnection(to: server, reconnectBufferBytes: 1 << 20, body)
    }

    private static func simulator(_ settings: GatewaySettings, postingStatuses: Bool) -> SimulatorConfiguration {
        SimulatorConfiguration(
            accounts: settings.accounts.map { account in
                SimulatedAccount(
                    phoneNumberID: account.phoneNumberID, accessToken: account.token, name: account.name)
            },
            webhooks: postingStatuses
                ? WebhookTarget(url: "http://127.0.0.1:\(settings.port)/webhook", appSecret: settings.appSecret) : nil)
    }
}

/// What went wrong in a test, with the last that the processes logged.
struct GatewayFailure: Error, CustomStringConvertible {
    let cause: any Error
    let logs: [String]

    var description: String { (["\(self.cause)"] + self.logs).joined(separator: "\n-----\n") }
}
