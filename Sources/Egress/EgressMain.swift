import ArgumentParser
import Daemon
import Launch
import Logging
import Prometheus
import Settings
import TraceContext

/// `whatsapp-egress`: sends for one or more accounts, NATS in, Graph API out.
@main
struct EgressMain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whatsapp-egress",
        abstract: "Sends WhatsApp messages: takes requests from NATS and calls Meta's Graph API.",
        version: Version.text,
        subcommands: [RunCommand.self, DeadCommand.self],
        defaultSubcommand: RunCommand.self)

    static func main() {
        Launch.main(Self.self, running: RunCommand.self)
    }
}

/// `whatsapp-egress run`.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Serves the accounts until SIGTERM or SIGINT, then drains.")

    @OptionGroup var common: CommonOptions
    @Option(name: .customLong("account"), help: "Serve this account alone; repeatable.")
    var accounts: [String] = []
    /// Accounts whose access token Graph must take, else this process ends with 78 before it serves anything.
    @Option(name: .customLong("prove-token"), help: .hidden)
    var tokensToProve: [String] = []

    func run() {
        let settings = Launch.settings(self.common) { source throws(SettingsError) in
            try EgressSettings.read(from: source, accounts: self.accounts, proving: self.tokensToProve)
        }
        LogOutput.bootstrap(settings.log, metadata: ["process": "egress"])
        TraceSetup.bootstrap()
        let logger = Logger(label: "whatsapp-egress")
        let metrics = MetricsOutput.bootstrap()
        MainThread.serve(drain: settings.drain, logger: logger) { termination in
            try await EgressAssembly(settings, metrics: metrics, logger: logger).run(until: termination)
        }
    }
}
