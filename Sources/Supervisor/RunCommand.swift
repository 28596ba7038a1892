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
            try SupervisorAssembly(SupervisorSettings.read(from: source), source: source)
        }
        LogOutput.bootstrap(assembly.settings.log, metadata: ["process": "supervisor"])
        let status: ExitStatus
        do throws(ProcessFailure) {
            status = try Self.supervise(assembly)
        } catch {
            Launch.fail(error)
        }
        MainThread.end(status)
    }

    /// Runs on the main thread to its end; the notify socket is gone when it returns.
    private static func supervise(_ assembly: SupervisorAssembly) throws(ProcessFailure) -> ExitStatus {
        // Before the notifier's thread is there, which must not take a signal.
        let signals = try SignalQueue()
        let notices = try NotifySocket(
            below: NotifySocket.parentDirectory(
                runtimeDirectory: Self.variable("RUNTIME_DIRECTORY"), temporaryDirectory: Self.variable("TMPDIR")))
        let notifier = Notifier()
        var supervision = Supervision(
            plans: assembly.plans(executables: try ExecutableDirectory.own(), supervisor: getpid()),
            drain: assembly.settings.drain, idleReason: assembly.idleReason, signals: signals, notices: notices,
            notifier: notifier, logger: Logger(label: "supervisor"))
        let status = supervision.run()
        notifier.flush(within: .seconds(1))
        return status
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
