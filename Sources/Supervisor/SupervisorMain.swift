import ArgumentParser
import Daemon

/// The command `whatsapp-supervisor`: starts the egress workers, in one-box mode the ingress too, and keeps them alive.
///
/// `run` when no command is given; `status` has its place beside it.
@main struct SupervisorMain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whatsapp-supervisor",
        abstract: "Starts the workers of the WhatsApp gateway and keeps them alive.",
        discussion: "Options without a command are those of run: --env-file and --check.",
        version: Version.text,
        subcommands: [RunCommand.self, PlanCommand.self],
        defaultSubcommand: RunCommand.self)
}
