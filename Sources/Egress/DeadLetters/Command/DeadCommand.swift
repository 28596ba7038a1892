import ArgumentParser
import Daemon
import Launch
import Logging
import Settings

/// `whatsapp-egress dead`: what became of jobs that were not sent, and another chance for them.
struct DeadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead", abstract: "Shows an account's dead letters, replays or drops them.",
        subcommands: [ListCommand.self, ReplayCommand.self, DropCommand.self],
        defaultSubcommand: ListCommand.self)

    /// Does the work of a subcommand until it is over or a signal ends it, and ends the process.
    fileprivate static func serve(
        _ options: DeadLetterOptions, _ body: @escaping @Sendable (DeadLetterSession) async -> ExitStatus
    ) -> Never {
        let settings = Launch.settings(options.common) { source throws(SettingsError) in
            try DeadSettings.read(from: source, account: options.name)
        }
        // For a reader at a terminal: what goes wrong, and nothing of the daily course.
        LogOutput.bootstrap(LogSettings(level: .warning, format: settings.log.format))
        let logger = Logger(label: "whatsapp-egress")
        let (filter, limit) = (options.filter, options.limit)
        MainThread.serve(drain: .seconds(20), logger: logger) { termination in
            await body(
                DeadLetterSession(
                    settings: settings, filter: filter, limit: limit, termination: termination, logger: logger))
        }
    }
}

/// `dead list`, or `dead` alone.
private struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Shows dead letters as a table, the oldest first.")

    @OptionGroup var options: DeadLetterOptions
    @Flag(help: "A line of JSON each, with the job's headers and payload.")
    var json = false

    func run() {
        let json = self.json
        DeadCommand.serve(self.options) { await $0.list(asJSON: json) }
    }
}

/// `dead replay`.
private struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Stores the jobs again, and takes each dead letter away when that is done.")

    @OptionGroup var options: DeadLetterOptions
    @OptionGroup var agreement: Agreement

    func run() throws {
        let isAgreed = try self.agreement.isGiven(self.options)
        DeadCommand.serve(self.options) { await $0.work(.replay, isAgreed: isAgreed) }
    }
}

/// `dead drop`.
private struct DropCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Takes dead letters away for good.")

    @OptionGroup var options: DeadLetterOptions
    @OptionGroup var agreement: Agreement

    func run() throws {
        let isAgreed = try self.agreement.isGiven(self.options)
        DeadCommand.serve(self.options) { await $0.work(.drop, isAgreed: isAgreed) }
    }
}

/// That nobody needs to be asked.
private struct Agreement: ParsableArguments {
    @Flag(help: "Do not ask.")
    var yes = false

    /// - Throws: where it is not given, and there is no terminal to ask for it.
    func isGiven(_ options: DeadLetterOptions) throws -> Bool {
        guard self.yes || options.common.check || Console.canAsk else {
            throw ValidationError("without a terminal to ask on, this needs --yes")
        }
        return self.yes
    }
}
