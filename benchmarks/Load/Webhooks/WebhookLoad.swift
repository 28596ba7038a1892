import Addressing
import ArgumentParser
import Settings

/// Posts signed webhooks, each with message ids of its own, over kept connections: as fast as they are answered, or at a
/// rate whatever becomes of them.
struct WebhookLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks", abstract: "Posts signed webhooks.",
        discussion: """
            With a rate the latency of each is counted from the instant at which it should have been posted, so that a \
            server that stands still is seen by all that wait meanwhile.
            """)

    @Option(name: .customLong("port"), help: "A port on 127.0.0.1 in place of the ingress' own; repeatable, in turn.")
    var ports: [UInt16] = []
    @Option(name: .customLong("account"), help: "An account of those in turn; all of .env unless given (repeatable).")
    var accounts: [String] = []
    @Option(help: "How many connections.")
    var connections = 32
    @Option(help: "How many webhooks.")
    var count = 20_000
    @Option(help: "How many a second; 0: as fast as they are answered.")
    var rate = 0
    @Option(help: "How many messages in each.")
    var messages = 1
    @Option(name: .customLong("pid"), help: "A process whose CPU time is counted; repeatable.")
    var pids: [Int32] = []

    func validate() throws {
        guard (1...900).contains(self.connections) else { throw ValidationError("--connections: expected 1 to 900") }
        guard self.count > 0, self.messages > 0, self.rate >= 0 else {
            throw ValidationError("--count and --messages: expected 1 or more, --rate: 0 or more")
        }
    }

    func run() async throws {
        var reader = SettingsReader(SettingsSource.load())
        let accounts = Accounts.read(from: &reader, tokens: .ignored)
            .filter { self.accounts.isEmpty || self.accounts.contains($0.name.value) }
        let secret = reader.value(Variables.appSecret)?.first
        let port = reader.value(Variables.port)
        if accounts.isEmpty { reader.problem("WA_<NAME>", "no account of those wanted") }
        if secret == nil { reader.problem("APP_SECRET", "expected the app secret") }
        try reader.finish()
        let requests = WebhookRequests(of: accounts, secret: secret?.revealed ?? "", messages: self.messages)
        let exchange = try WebhookExchange(
            with: self.ports.isEmpty ? [UInt16(port)] : self.ports, connections: self.connections)
        var outcome = Outcome()
        var measurement = Measurement(pids: self.pids)
        for start in stride(from: 0, to: self.count, by: requests.batch) {
            let prepared = requests[start..<min(start + requests.batch, self.count)]
            measurement.resume()
            outcome.add(exchange.post(prepared, rate: self.rate))
            measurement.pause()
        }
        measurement.report("webhooks-\(self.messages)", outcome)
    }
}
