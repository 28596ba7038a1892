import ArgumentParser

/// What a newcomer needs beside the gateway: a webhook as Meta sends it, and NATS without natscli.
@main
struct DemoMain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Posts webhooks, subscribes and sends, with the settings of .env.",
        subcommands: [
            WebhookCommand.self, SubscribeCommand.self, SendCommand.self, RequestCommand.self, CheckNATSCommand.self,
            AwaitReadyCommand.self,
        ])
}
