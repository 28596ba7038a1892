import Foundation
import TestSupport

/// A real process of the gateway in a folder of its own; the test plays systemd for it.
final class GatewayProcess: Sendable {
    enum Product: String, Sendable, CaseIterable {
        case ingress = "whatsapp-ingress"
        case egress = "whatsapp-egress"
        case supervisor = "whatsapp-supervisor"
    }

    let product: Product
    let process: RunningProcess
    /// What it tells its service manager.
    let notices: NotifyListener
    /// Its working directory, and where it keeps temporary files.
    let folder: TemporaryFolder

    /// Starts it; `ready()` waits until it can serve.
    ///
    /// - Parameters:
    ///   - environment: its whole environment; `NOTIFY_SOCKET` and `TMPDIR` are added.
    ///   - files: written to its working directory first, such as `.env`.
    ///   - socket: a listening socket, passed on as systemd does.
    ///   - launcher: a command that becomes the process at last.
    static func start(
        _ product: Product, _ environment: [String: String], arguments: [String] = [], files: [String: String] = [:],
        listeningOn socket: ListeningPort? = nil, through launcher: [String] = []
    ) async throws -> GatewayProcess {
        let folder = try TemporaryFolder()
        for (name, text) in files { try folder.write(text, to: name) }
        let notices = try NotifyListener()
        let own = ["NOTIFY_SOCKET": notices.path, "TMPDIR": folder.path]
        let command = [BuildFolder.executable(product.rawValue)] + arguments
        // The process that a socket is meant for has to be named to it, and only a shell knows its own ID in time.
        let shell = ["/bin/sh", "-c", #"LISTEN_FDS=1 LISTEN_PID=$$ exec "$@""#, "sh"]
        let words = launcher + (socket == nil ? [] : shell) + command
        let process = try await RunningProcess.start(
            words[0], arguments: Array(words.dropFirst()), environment: environment.merging(own) { given, _ in given },
            workingDirectory: folder.path, passing: socket.map { [3: $0.descriptor] } ?? [:], keeping: folder)
        withExtendedLifetime(socket) {}
        return GatewayProcess(product: product, process: process, notices: notices, folder: folder)
    }

    private init(product: Product, process: RunningProcess, notices: NotifyListener, folder: TemporaryFolder) {
        self.product = product
        self.process = process
        self.notices = notices
        self.folder = folder
    }

    var processID: pid_t { self.process.processID }

    /// What it logs; its workers' lines too.
    var log: ProcessOutput { self.process.standardError }

    /// Waits for `READY=1`, and for the log of a supervisor to say so too: `workers` is whole then.
    func ready(within limit: Duration = .seconds(20)) async throws {
        try await self.notices.waitForNotice("READY=1 of \(self.product.rawValue)", within: limit) { $0.isReady }
        if self.product == .supervisor { try await self.log.waitForLine(containing: #"msg="ready""#, within: limit) }
    }

    /// Waits for a status that contains the text, and returns it.
    ///
    /// - Parameter start: the index of the first notice to look at.
    @discardableResult
    func status(containing text: String, from start: Int = 0, within limit: Duration = .seconds(20)) async throws
        -> String
    {
        try await self.notices.waitForNotice("STATUS with \(text)", from: start, within: limit) {
            $0.status?.contains(text) == true
        }.status ?? ""
    }

    /// Sends SIGTERM and waits for the end.
    @discardableResult
    func stop(within limit: Duration = .seconds(30)) async throws -> RunningProcess.Ending {
        self.process.terminate()
        return try await self.process.waitForExit(within: limit)
    }
}
