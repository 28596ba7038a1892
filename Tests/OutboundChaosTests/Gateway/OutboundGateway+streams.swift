import JSONBytes
import NATSClient
import TestSupport

/// A dead letter, as far as a round looks at it.
struct ChaosLetter: Hashable, Sendable {
    let jobID: String
    let reason: String
    let code: String
    let attempts: Int
}

extension OutboundGateway {
    private static let jobs = "WHATSAPP_OUT"
    private static let deadLetters = "WHATSAPP_DEAD"

    /// Waits until the stream holds no job any more; answers how many it still holds when the time is over.
    func awaitEmptyStream(within limit: Duration) async -> Int {
        let deadline = ContinuousClock.now + limit
        var left = Int.max
        while left > 0, ContinuousClock.now < deadline {
            left = (try? await self.state(of: Self.jobs).messages) ?? left
            if left > 0 { try? await Task.sleep(for: .milliseconds(100)) }
        }
        return left
    }

    /// How many jobs the stream has ever taken.
    func jobsTaken() async throws -> UInt64 { try await self.state(of: Self.jobs).last }

    /// Everything that `WHATSAPP_DEAD` holds.
    func letters() async throws -> [ChaosLetter] {
        let last = try await self.state(of: Self.deadLetters).last
        var letters: [ChaosLetter] = []
        for sequence in 0..<last {
            let found = try await JetStream(self.connection).message(in: Self.deadLetters, sequence: sequence + 1)
            guard let letter = found else { continue }
            letters.append(
                ChaosLetter(
                    jobID: letter.header("Wa-Job-Id") ?? "", reason: letter.header("Wa-Reason") ?? "",
                    code: letter.header("Wa-Error-Code") ?? "",
                    attempts: letter.header("Wa-Attempts").flatMap { Int($0) } ?? 0))
        }
        return letters
    }

    private func state(of stream: String) async throws -> (messages: Int, last: UInt64) {
        let reply = try await self.connection.request(
            OutgoingMessage(subject: "$JS.API.STREAM.INFO.\(stream)", payload: []), timeout: .seconds(5))
        let state = try JSONDocument(validating: reply.payload).root["state"]
        guard let messages = state?["messages"]?.int, let last = state?["last_seq"]?.int else {
            throw OutboundTrouble("STREAM.INFO of \(stream): \(String(decoding: reply.payload, as: UTF8.self))")
        }
        return (messages, UInt64(last))
    }
}

/// Which jobs were told as sent, from its making on.
struct SentEvents: Sendable {
    private let ids = Watched<[String]>([])

    init(over connection: NATSConnection) async throws {
        let ids = self.ids
        _ = connection.subscribe("whatsapp.*.sent") { message in
            let event = try? JSONDocument(validating: message.payload).root
            ids.update { $0.append(event?["job_id"]?.string ?? message.subject) }
        }
        try await connection.roundTrip(timeout: .seconds(10))
    }

    /// The jobs' ids, in the order in which they were told.
    var jobIDs: [String] { self.ids.current }
}
