import ArgumentParser
import Daemon
import Glibc
import Launch
import Logging
import Settings

/// `run`: forks the workers and watches them until told to stop.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Start the workers and watch them (the default).")

    @OptionGroup var options: CommonOptions

    func run() {
        let assembly = Launch.settings(self.options) { source throws(SettingsError) in
            try SupervisorAssembly(reading: source)
        }
        LogOutput.bootstrap(assembly.settings.log, metadata: ["process": "supervisor"])
        let logger = Logger(label: "supervisor")
        let status: ExitStatus
        do throws(ProcessFailure) {
            status = try self.supervise(assembly, logger: logger)
        } catch {
            logger.critical("\(error.message)")
            status = error.status
        }
        MainThread.end(status)
    }

    /// Runs on the main thread to its end; the private directory is gone when it returns, the sockets in it too.
    private func supervise(_ assembly: SupervisorAssembly, logger: Logger) throws(ProcessFailure) -> ExitStatus {
        // Before the notifier's thread is there, which must not take a signal.
        let signals = try SignalQueue()
        let notices = try NotifySocket(
            below: NotifySocket.parentDirectory(
                runtimeDirectory: Self.variable("RUNTIME_DIRECTORY"), temporaryDirectory: Self.variable("TMPDIR")))
        let listener = try Self.listener(for: assembly.settings, logger: logger)
        let notifier = Notifier()
        let options = self.options
        let configuration = Configuration(
            assembly, executables: try ExecutableDirectory.own(), listener: listener?.descriptor,
            load: { Launch.source(options) })
        let board = SnapshotBoard(SupervisorSnapshot(of: assembly.settings.shard, at: .now))
        let admin = SupervisorAdmin.start(
            at: assembly.settings.admin, showing: board, notingIn: Self.runtimeDirectory, logger: logger)
        var supervision = Supervision(
            configuration, signals: signals, notices: notices, notifier: notifier, board: board, logger: logger)
        let status = supervision.run()
        admin?.stop()
        notifier.flush(within: .seconds(1))
        return withExtendedLifetime(listener) { status }
    }

    /// The ingress' listening socket, systemd's before one of our own; nil where there is no ingress.
    private static func listener(
        for settings: SupervisorSettings, logger: Logger
    ) throws(ProcessFailure) -> ListeningSocket? {
        guard settings.components.contains(.ingress) else { return nil }
        guard let passed = PassedSockets.take(isSupervised: false).first else {
            return try ListeningSocket(host: settings.host, port: settings.port)
        }
        let listener = ListeningSocket(passed: passed)
        if let port = listener.port, port != settings.port {
            logger.warning(
                "PORT is \(settings.port), but the socket that systemd passed on, and is used, has port \(port); make them one"
            )
        }
        return listener
    }

    /// The first of several; nil where systemd has made none.
    private static var runtimeDirectory: String? {
        Self.variable("RUNTIME_DIRECTORY")?.split(separator: ":").first.map { String($0) }
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
