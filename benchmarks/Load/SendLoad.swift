import ArgumentParser
import Glibc
import NATSClient

/// Sends text messages over the request lane, so many at once, each to a recipient of its own.
struct SendLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sends", abstract: "Sends requests.")

    @Option(help: "The account.")
    var account = "demo"
    @Option(help: "How many requests at once.")
    var concurrency = 256
    @Option(help: "How many requests.")
    var count = 20_000
    @Option(name: .customLong("pid"), help: "A process whose CPU time is counted; repeatable.")
    var pids: [Int32] = []

    func run() async throws {
        let connection = try await NATSConnection.ofSettings()
        let measurement = Measurement(pids: self.pids)
        let outcome = await withTaskGroup(of: Outcome.self) { group in
            for worker in 0..<self.concurrency {
                group.addTask {
                    var outcome = Outcome()
                    for number in stride(from: worker, to: self.count, by: self.concurrency) {
                        let began = ContinuousClock.now
                        if await self.send(number, over: connection) {
                            outcome.latencies.append(ContinuousClock.now - began)
                        } else {
                            outcome.refused += 1
                        }
                    }
                    return outcome
                }
            }
            return await group.reduce(into: Outcome()) { $0.add($1) }
        }
        measurement.report("sends-\(self.concurrency)", outcome)
        await connection.close()
    }

    private func send(_ number: Int, over connection: NATSConnection) async -> Bool {
        let payload = #"{"to":"4477\#(10_000_000 + number)","text":"Yes, it is."}"#
        let message = OutgoingMessage(
            subject: "whatsapp.\(self.account).out.sendMessage", headers: [NATSHeader("Wa-Timeout-Ms", "60000")],
            payload: Array(payload.utf8))
        guard let reply = try? await connection.request(message, timeout: .seconds(90)) else { return false }
        return reply.header("Nats-Service-Error-Code") == nil
    }
}
