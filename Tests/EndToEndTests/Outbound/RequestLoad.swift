import NATSClient
import Synchronization
import TestSupport

/// Requesters that each send one message after another, to a recipient of their own, until they are told to stop.
///
/// A message's text is `<requester>-<number>`, so that each is told from all others.
final class RequestLoad: Sendable {
    /// How the requests ended.
    struct Outcomes: Sendable {
        /// The texts that Graph has accepted, as the replies say.
        var sent: Set<String> = []
        /// The texts without such a reply, and why: the code of NATS' error, or the error of the reply.
        var failures: [String: String] = [:]
    }

    private let bot: Bot
    private let requesters: Int
    private let patience: Duration
    private let isStopped = Atomic(false)

    /// - Parameter patience: how long a requester waits for its reply.
    init(_ bot: Bot, requesters: Int, patience: Duration = .seconds(10)) {
        self.bot = bot
        self.requesters = requesters
        self.patience = patience
    }

    func stop() {
        self.isStopped.store(true, ordering: .relaxed)
    }

    /// Sends until the closure has called `stop()` or has thrown.
    func run(while body: (RequestLoad) async throws -> Void) async throws -> Outcomes {
        try await withThrowingTaskGroup(of: Outcomes.self) { group in
            for requester in 0..<self.requesters { group.addTask { await self.send(as: requester) } }
            defer { self.stop() }
            try await body(self)
            return try await group.reduce(into: Outcomes()) { all, each in
                all.sent.formUnion(each.sent)
                all.failures.merge(each.failures) { $1 }
            }
        }
    }

    /// Whether each requester's messages were accepted in the order in which it sent them.
    func isInOrder(_ texts: [String]) -> Bool {
        var last: [Substring: Int] = [:]
        for text in texts {
            let parts = text.split(separator: "-")
            guard parts.count == 2, let number = Int(parts[1]), number > last[parts[0], default: -1] else {
                return false
            }
            last[parts[0]] = number
        }
        return true
    }

    private func send(as requester: Int) async -> Outcomes {
        var outcomes = Outcomes()
        var number = 0
        while !self.isStopped.load(ordering: .relaxed) {
            let text = "\(requester)-\(number)"
            number += 1
            do throws(NATSError) {
                let payload = Bot.textPayload(text, to: "4477010\(10_000 + requester)")
                let reply = try await self.bot.ask("sendMessage", payload, waiting: self.patience)
                if let failure = reply.failure {
                    outcomes.failures[text] = failure
                } else {
                    outcomes.sent.insert(text)
                }
            } catch {
                outcomes.failures[text] = "\(error.code)"
                // Nobody there: without a pause this would be a busy loop.
                if error.code != .timeout { try? await Task.sleep(for: .milliseconds(20)) }
            }
        }
        return outcomes
    }
}
