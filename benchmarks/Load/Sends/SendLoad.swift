import Addressing
import ArgumentParser
import Settings

/// Sends text messages over the request lane, so many at once, each to a recipient of its own.
struct SendLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sends", abstract: "Sends requests.",
        discussion: """
            Over a connection of its own making, without TLS and credentials: every request is written as soon as it is \
            made, and costs little beside what is measured.
            """)

    @Option(name: .customLong("account"), help: "An account of those in turn; all of .env unless given (repeatable).")
    var accounts: [String] = []
    @Option(help: "How many requests at once.")
    var concurrency = 256
    @Option(help: "How many requests.")
    var count = 20_000
    @Option(name: .customLong("pid"), help: "A process whose CPU time is counted; repeatable.")
    var pids: [Int32] = []

    func validate() throws {
        guard self.concurrency > 0, self.count > 0 else {
            throw ValidationError("--concurrency and --count: expected 1 or more")
        }
    }

    func run() async throws {
        var reader = SettingsReader(SettingsSource.load())
        let accounts = Accounts.read(from: &reader, tokens: .ignored)
            .filter { self.accounts.isEmpty || self.accounts.contains($0.name.value) }
        let server = NATSSettings(from: &reader).servers[0].address
        if accounts.isEmpty { reader.problem("WA_<NAME>", "no account of those wanted") }
        try reader.finish()
        let connection = try PlainNATS(port: UInt16(server.port))
        let requests = SendRequests(of: accounts, repliesTo: connection.inbox)
        var measurement = Measurement(pids: self.pids)
        measurement.resume()
        var exchange = RequestExchange(over: connection)
        let outcome = exchange.send(requests, count: self.count, atOnce: self.concurrency)
        measurement.report("sends-\(self.concurrency)", outcome)
    }
}
