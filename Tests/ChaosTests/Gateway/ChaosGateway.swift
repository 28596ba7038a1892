import Foundation
import TestSupport

/// Something that a fault or the gateway did not do as it must.
struct GatewayTrouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// What a round works on: a nats-server, a supervisor that keeps the listening socket, an ingress and an egress below it.
struct ChaosGateway: Sendable {
    static let appSecret = "app-secret-of-the-chaos-tests"
    /// `INGRESS_ACK_TIMEOUT_MS`.
    static let ackTimeout = Duration.seconds(1)
    static let ingress = "ingress"

    let server: NATSServer
    let serverOptions: NATSServerOptions
    /// nil where the store is on a disk that cannot be made full.
    let disk: SmallDisk?
    let supervisor: RunningProcess
    let port: Int

    /// Runs a gateway for as long as the closure takes; whatever was started is gone afterwards, however that ends.
    static func running<Result>(_ body: (ChaosGateway) async throws -> Result) async throws -> Result {
        let disk = try await SmallDisk.mount()
        let options = self.serverOptions(storingOn: disk)
        do {
            let result = try await NATSServer.running(options) { server in
                try await self.running(on: server, options, disk, body)
            }
            try await disk?.unmount()
            return result
        } catch {
            try? await disk?.unmount()
            throw error
        }
    }

    private static func running<Result>(
        on server: NATSServer, _ options: NATSServerOptions, _ disk: SmallDisk?,
        _ body: (ChaosGateway) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        let notices = try NotifyListener()
        let port = try FreePort.find()
        let supervisor = try await RunningProcess.start(
            BuildFolder.executable("whatsapp-supervisor"),
            environment: self.environment(natsURL: server.url, port: port, notices: notices.path, folder: folder.path),
            workingDirectory: folder.path, keeping: folder)
        let gateway = ChaosGateway(
            server: server, serverOptions: options, disk: disk, supervisor: supervisor, port: port)
        do {
            try await notices.waitForNotice("READY=1", within: .seconds(30)) { $0.isReady }
            let result = try await body(gateway)
            await gateway.end()
            return result
        } catch {
            await gateway.end()
            throw GatewayTrouble("\(error)\n-----\n\(supervisor.standardError.tail)")
        }
    }

    /// Ends the supervisor, and waits until its workers are gone too: they hold its log open.
    private func end() async {
        self.supervisor.terminate()
        try? await self.supervisor.standardError.waitForEnd(within: .seconds(10))
        self.supervisor.kill()
    }

    private static func serverOptions(storingOn disk: SmallDisk?) -> NATSServerOptions {
        guard let disk else { return NATSServerOptions() }
        return .with { options in
            options.jetStream = false
            options.furtherLines = [
                "jetstream { store_dir: \"\(disk.path)\", max_memory_store: 256MB, max_file_store: 4GB }"
            ]
        }
    }

    private static func environment(
        natsURL: String, port: Int, notices: String, folder: String
    ) -> [String: String] {
        var variables = [
            "PATH": "/usr/bin:/bin", "LOG_LEVEL": "info", "LOG_FORMAT": "logfmt", "TMPDIR": folder,
            "NOTIFY_SOCKET": notices, "NATS_URL": natsURL, "HOST": "127.0.0.1", "PORT": "\(port)",
            // Nobody is there; nothing is sent.
            "GRAPH_URL": "http://127.0.0.1:9", "APP_SECRET": self.appSecret, "WEBHOOK_VERIFY_TOKEN": "unused",
            "INGRESS_ADMIN": "off", "EGRESS_ADMIN": "off", "SUPERVISOR_ADMIN": "off",
            "SUPERVISOR_COMPONENTS": "ingress,egress",
            "INGRESS_ACK_TIMEOUT_MS": "\(Int(self.ackTimeout / .milliseconds(1)))",
        ]
        for account in WebhookSource.accounts {
            variables["WA_\(account.name.uppercased())"] = "\(account.phoneNumberID):unused-token"
        }
        return variables
    }
}
