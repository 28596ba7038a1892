import JSONBytes
import TestSupport

/// What the Graph simulator has accepted, by recipient.
struct GraphJournal: Sendable {
    /// When each message to a recipient arrived, in milliseconds since the simulator's start.
    private(set) var arrivals: [String: [Int]] = [:]
    /// How long it took until everything was there that was waited for.
    private(set) var settledAfter = Duration.zero

    /// Asks until the simulator has accepted a message to each of these recipients, or the time is over.
    static func settled(
        at simulator: String, with recipients: some Collection<String>, within limit: Duration
    ) async throws -> GraphJournal {
        let began = ContinuousClock.now
        while true {
            var journal = try await GraphJournal(of: simulator)
            journal.settledAfter = ContinuousClock.now - began
            let isSettled = recipients.allSatisfy { journal.arrivals[$0] != nil }
            if isSettled || journal.settledAfter > limit { return journal }
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    private init(of simulator: String) async throws {
        let url = "\(simulator)/_simulator/requests?last=100000"
        let reply = try await PlainHTTP.call("GET", url, within: .seconds(60))
        for entry in try JSONDocument(validating: reply.body).root.elements {
            guard entry["outcome"]?["accepted"] != nil, let arrival = entry["arrival_ms"]?.int,
                let body = entry["body"]?.string,
                let recipient = try? JSONDocument(validating: Array(body.utf8)).root["to"]?.string
            else { continue }
            self.arrivals[recipient, default: []].append(arrival)
        }
    }

    /// The longest time between two arrivals of messages to these recipients, in milliseconds.
    func longestGap(between recipients: some Sequence<String>) -> Int {
        let times = recipients.flatMap { self.arrivals[$0] ?? [] }.sorted()
        return zip(times.dropFirst(), times).map { $0 - $1 }.max() ?? 0
    }
}
