import ArgumentParser

/// Puts load on a running gateway and measures what it does: rates, latencies, and the CPU time of its processes.
@main
struct LoadMain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Puts load on a running gateway, with the settings of .env.",
        subcommands: [WebhookLoad.self, SendLoad.self, JobLoad.self, SteadyLoad.self])
}
