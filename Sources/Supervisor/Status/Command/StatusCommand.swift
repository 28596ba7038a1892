import ArgumentParser
import Daemon
import Glibc
import Settings

/// `status`: asks the running supervisor how its workers are.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the workers of the running supervisor.",
        discussion: "Exits with 0 when all are ready, 1 when some are not, 3 when none is or there is no supervisor.")

    @Option(
        help: ArgumentHelp(
            "Where the supervisor's admin endpoint is: host:port or unix:/path.",
            discussion: "Without it, what SUPERVISOR_ADMIN says, else what the running supervisor has left in "
                + "/run/whatsapp-supervisor, else 127.0.0.1:9181.",
            valueName: "address"))
    var admin: String?
    @Option(
        name: .customLong("env-file"),
        help: ArgumentHelp(
            "Look for SUPERVISOR_ADMIN in this file, if it can be read; repeatable, a later file goes first.",
            valueName: "path"))
    var envFiles: [String] = []
    @Flag(help: "Print one line of JSON.")
    var json = false

    /// So long an answer may take.
    private static let patience = Duration.seconds(5)

    func run() {
        StopSignals.unblock()
        ProcessHardening.ignoreStraySignals()
        let found = self.address()
        let answer = StatusAnswer.ask(found.address, within: Self.patience)
        guard case .status(let status) = answer else {
            LogOutput.printLine("\(answer.problem(at: found))")
            Self.end(3)
        }
        if self.json {
            print(String(decoding: status.json, as: UTF8.self))
        } else {
            for line in StatusTable(status: status, isColoured: Self.isColoured).lines { print(line) }
        }
        switch status.readiness {
        case .all: Self.end(0)
        case .some: Self.end(1)
        case .none: Self.end(3)
        }
    }

    private func address() -> AdminPlace {
        do throws(SettingsError) {
            return try AdminPlace.find(told: self.admin, envFiles: self.envFiles)
        } catch {
            for problem in error.problems { LogOutput.printLine("\(problem)") }
            MainThread.end(self.admin == nil ? .configuration : .usage)
        }
    }

    /// Colours are for a terminal, unless its user wants none (no-color.org).
    private static var isColoured: Bool {
        let environment = processEnvironment()
        return isatty(STDOUT_FILENO) == 1 && environment["NO_COLOR", default: ""].isEmpty
            && environment["TERM"] != "dumb"
    }

    private static func end(_ status: Int32) -> Never {
        fflush(nil)
        _exit(status)
    }
}
