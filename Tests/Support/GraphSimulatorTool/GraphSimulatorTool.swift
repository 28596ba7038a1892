import Addressing
import ArgumentParser
import Foundation
import GraphSimulator
import Settings
import TestSupport

/// Runs the Graph simulator beside the gateway, with the gateway's own settings.
@main
struct GraphSimulatorTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph-simulator",
        abstract: "Answers as Meta's Graph API does, and posts what Meta posts to the ingress.",
        discussion: """
            Accounts, access tokens, the app secret and the ingress's port are read from the environment and from .env, \
            as the gateway reads them. GET /_simulator/stats, /_simulator/requests and /_simulator/accepted show what \
            was asked; PUT /_simulator/faults and POST /_simulator/answers make it go wrong; POST /_simulator/inbound \
            has a user write a message.
            """)

    @Option(help: "Where to listen: <host>:<port>; port 0 lets the kernel choose.")
    var listen = "127.0.0.1:9090"

    @Option(name: .customLong("env-file"), help: "A file to read in place of .env (repeatable).")
    var envFiles: [String] = []

    @Option(help: "Where to post webhooks; http://127.0.0.1:PORT/webhook unless given.")
    var ingress: String?

    @Option(help: "Repeats the IDs and the random choices of an earlier run.")
    var seed: UInt64?

    @Flag(help: "Post no status webhooks for the messages accepted.")
    var noStatuses = false

    func run() async throws {
        let termination = Termination()
        let settings: SimulatorSettings
        do {
            settings = try SimulatorSettings.load(envFiles: self.envFiles.isEmpty ? nil : self.envFiles)
        } catch {
            try Self.fail("\(error)", status: 78)
        }
        let seed = self.seed.map(Seed.init) ?? .forTest("graph-simulator (as --seed)")
        var configuration = SimulatorConfiguration(accounts: settings.accounts, seed: seed)
        guard let address = Self.address(self.listen) else { throw ValidationError("--listen: expected <host>:<port>") }
        (configuration.host, configuration.port) = address
        let ingress = self.ingress ?? "http://127.0.0.1:\(settings.ingressPort)/webhook"
        if let secret = settings.appSecret {
            guard let target = WebhookTarget(url: ingress, appSecret: secret.revealed) else {
                throw ValidationError("--ingress: expected http://<host>:<port>/<path>")
            }
            configuration.webhooks = target
        }
        if self.noStatuses { configuration.statuses = .none }
        configuration.onAccepted = { Self.say("accepted \(Self.line(for: $0))", to: .standardOutput) }
        let simulator: GraphSimulator
        do {
            simulator = try await GraphSimulator.start(configuration)
        } catch {
            try Self.fail("cannot listen on \(self.listen): \(error)", status: 69)
        }
        let posting = configuration.webhooks == nil ? "no webhooks, for want of APP_SECRET" : "webhooks to \(ingress)"
        let served = "\(settings.accounts.count) accounts"
        Self.say("listening on \(simulator.url) for \(served), posting \(posting)", to: .standardOutput)
        await termination.wait()
        await simulator.stop()
    }

    private static func line(for message: AcceptedMessage) -> String {
        let recipient = message.to ?? message.recipient ?? "nobody"
        return "\(message.type) from \(message.account.name) to \(printable(recipient, limit: 40)): \(message.id)"
    }

    private static func address(_ text: String) -> (String, Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port), colon != text.startIndex
        else { return nil }
        return (String(text[..<colon]), port)
    }

    /// Writes a line at once, also where the output is a pipe.
    private static func say(_ line: String, to output: FileHandle) {
        try? output.write(contentsOf: Data("\(line)\n".utf8))
    }

    private static func fail(_ message: String, status: Int32) throws -> Never {
        self.say(message, to: .standardError)
        throw ExitCode(status)
    }
}
