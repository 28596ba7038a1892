import ArgumentParser
import NATSClient

/// Steady traffic of all kinds until it is told to end, and then what went wrong with it: for tests that restart the
/// gateway under way.
struct SteadyLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "steady", abstract: "Posts webhooks, sends requests and stores jobs at a steady rate.",
        discussion: """
            Prints "flowing" when each kind has succeeded, and after Ctrl-C or SIGTERM a line of names and numbers for \
            each kind. What was sent never, or twice, is told by the journal of the Graph simulator.
            """)

    @Option(help: "Webhooks a second, each over a connection of its own.")
    var webhooks = 20
    @Option(help: "Requests a second.")
    var requests = 20
    @Option(help: "Jobs a second.")
    var jobs = 20
    @Option(name: .customLong("account"), help: "An account of those in turn; all of them unless given (repeatable).")
    var accounts: [String] = []
    @Option(help: "The port of the ingress on 127.0.0.1.")
    var port = 8080
    @Option(help: "The Graph simulator's URL.")
    var simulator = "http://127.0.0.1:9090"
    @Option(help: "The longest it flows, in seconds.")
    var seconds = 600
    @Option(help: "How long, in seconds, the jobs that are stored at the end may take to be sent.")
    var settle = 90

    func run() async throws {
        let ending = Ending()
        let connection = try await NATSConnection.ofSettings()
        let traffic = try SteadyTraffic(
            accounts: self.accounts, webhooks: "http://127.0.0.1:\(self.port)/webhook", over: connection)
        let rates = [SteadyTraffic.Kind.webhooks: self.webhooks, .requests: self.requests, .jobs: self.jobs]
            .filter { $0.value > 0 }
        let began = ContinuousClock.now
        await withDiscardingTaskGroup { group in
            for (kind, rate) in rates {
                group.addTask { await traffic.flow(kind, rate: rate, until: ending) }
            }
            group.addTask {
                if await traffic.hasBegun(of: Set(rates.keys), before: ending) { printNow("flowing") }
            }
            group.addTask { await ending.wait(atMost: .seconds(self.seconds)) }
        }
        let flowed = ContinuousClock.now - began
        let journal = try await GraphJournal.settled(
            at: self.simulator, with: traffic.stored, within: .seconds(self.settle))
        for kind in rates.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            let figures = traffic.tally(of: kind).figures + traffic.judge(kind, by: journal)
            printNow("\(kind.rawValue) " + figures.map { "\($0.name)=\($0.value)" }.joined(separator: " "))
        }
        printNow("flowed ms=\(flowed.wholeMilliseconds) settled_ms=\(journal.settledAfter.wholeMilliseconds)")
        await connection.close()
    }
}
