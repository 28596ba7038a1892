import ArgumentParser
import Daemon
import Launch

/// The command `whatsapp-supervisor`: starts the egress workers, in one-box mode the ingress too, and keeps them alive.
///
/// `run` when no command is given.
@main struct SupervisorMain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whatsapp-supervisor",
        abstract: "Starts the workers of the WhatsApp gateway and keeps them alive.",
        version: Version.text,
        subcommands: [RunCommand.self, StatusCommand.self, PlanCommand.self],
        defaultSubcommand: RunCommand.self)

    static func main() {
        Launch.main(Self.self, running: RunCommand.self)
    }
}
