import NATSClient
import NATSTestSupport
import TestSupport
import Testing

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct PullTests {
    @Test(.timeLimit(.minutes(1)))
    func `A pull ends when its consumer is gone with a crash of the server, which does not say so`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                let jetStream = JetStream(connection)
                _ = try await jetStream.streamMadeIfMissing(
                    StreamConfiguration(
                        name: "TEXTS", subjects: ["texts.*"], retention: .limits, storage: .file, replicas: 1,
                        maximumBytes: nil, dedupeWindow: .seconds(60)))
                let consumer = try await jetStream.makeConsumer(
                    ConsumerConfiguration(
                        durableName: nil, filterSubject: "texts.one", ackPolicy: .none, start: .all,
                        inactiveThreshold: .seconds(30), isInMemory: true, replicas: 1),
                    on: "TEXTS")
                let came = Watched(0)
                let pull = Pull(connection, stream: "TEXTS", consumer: consumer.name, room: { 10 }) { _ in
                    came.update { $0 += 1 }
                }
                async let hasFailed = self.fails(pull)
                _ = try await connection.store(
                    [OutgoingMessage(subject: "texts.one", payload: Array("1".utf8))], timeout: .seconds(5))[0].get()
                _ = try await came.first(what: "a message") { $0 > 0 ? true : nil }
                try await server.kill()
                try await server.restart()
                #expect(await hasFailed)
            }
        }
    }

    private func fails(_ pull: Pull) async -> Bool {
        do {
            try await pull.run()
            return false
        } catch {
            return true
        }
    }
}
