import ArgumentParser
import Glibc
import JSONBytes
import NATSClient
import Synchronization

/// Stores jobs in the queue lane, each to a recipient of its own, and waits until every one is told as sent or failed.
struct JobLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "jobs", abstract: "Stores jobs.")

    @Option(help: "The account.")
    var account = "demo"
    @Option(help: "How many jobs.")
    var count = 20_000
    @Option(help: "How many are stored a second; 0 for as fast as they can be.")
    var rate = 0
    @Option(help: "How many recipients they are for.")
    var recipients = 1_000_000
    @Option(name: .customLong("pid"), help: "A process whose CPU time is counted; repeatable.")
    var pids: [Int32] = []

    private struct State {
        var outcome = Outcome()
        var stored: [String: ContinuousClock.Instant] = [:]
        /// How many were sent in each second.
        var seconds: [Int: Int] = [:]
    }

    func run() async throws {
        let connection = try await NATSConnection.ofSettings()
        let state = Mutex(State())
        let (ends, feed) = AsyncStream.makeStream(of: Void.self)
        let began = ContinuousClock.now
        for event in ["sent", "error"] {
            _ = connection.subscribe("whatsapp.\(self.account).\(event)") { message in
                guard let id = (try? JSONDocument(validating: message.payload))?.root["job_id"]?.string else { return }
                let now = ContinuousClock.now
                let isDone = state.withLock { state in
                    guard let stored = state.stored.removeValue(forKey: id) else { return false }
                    if event == "sent" {
                        state.outcome.latencies.append(now - stored)
                        state.seconds[Int((now - began) / .seconds(1)), default: 0] += 1
                    } else {
                        state.outcome.refused += 1
                    }
                    return state.outcome.latencies.count + state.outcome.refused == self.count
                }
                if isDone { feed.finish() }
            }
        }
        try await connection.roundTrip(timeout: .seconds(5))
        let measurement = Measurement(pids: self.pids)
        try await self.store(over: connection) { id in
            state.withLock { $0.stored[id] = .now }
        }
        for await _ in ends {}
        measurement.report("jobs-\(self.rate)", state.withLock { $0.outcome })
        let perSecond = state.withLock { $0.seconds.sorted { $0.key < $1.key }.map(\.value) }
        print("sent in each second: \(perSecond.map(String.init).joined(separator: " "))")
        await connection.close()
    }

    private func store(over connection: NATSConnection, noting: (String) -> Void) async throws {
        let run = "load-\(UInt64.random(in: .min ... .max))"
        let began = ContinuousClock.now
        let batch = self.rate == 0 ? 500 : max(1, self.rate / 20)
        for start in stride(from: 0, to: self.count, by: batch) {
            if self.rate > 0 {
                try await Task.sleep(until: began + .seconds(1) * (Double(start) / Double(self.rate)))
            }
            let jobs = (start..<min(start + batch, self.count)).map { number in
                let id = "\(run):\(number)"
                noting(id)
                return OutgoingMessage(
                    subject: "whatsapp.\(self.account).queue.sendMessage", headers: [NATSHeader("Nats-Msg-Id", id)],
                    payload: Array(
                        #"{"to":"4477\#(10_000_000 + number % self.recipients)","text":"Yes, it is."}"#.utf8))
            }
            for ack in await connection.store(jobs, timeout: .seconds(30)) { _ = try ack.get() }
        }
    }
}
