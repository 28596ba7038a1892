import JSONBytes
import NATSClient
import NATSTestSupport
import TestSupport
import Testing

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct JetStreamTests {
    private let wanted = StreamConfiguration(
        name: "IN", subjects: ["in.>", "event.*"], retention: .limits, storage: .file, replicas: 1,
        maximumAge: .seconds(72 * 3600), dedupeWindow: .seconds(3600))

    @Test func `A server without JetStream is told apart from one with it`() async throws {
        for hasJetStream in [true, false] {
            try await NATSServer.running(.with { $0.jetStream = hasJetStream }) { server in
                try await withConnection(to: server) { connection in
                    let isAvailable = try await JetStream(connection).isAvailable()
                    #expect(isAvailable == hasJetStream)
                }
            }
        }
    }

    @Test func `A missing stream is made with what was asked for`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                #expect(try await JetStream(connection).stream(named: "IN") == nil)
                let made = try await JetStream(connection).streamMadeIfMissing(wanted)
                #expect(made.subjects == ["in.>", "event.*"])
                #expect(made.discard == "new")
                #expect(made.dedupeWindow == .seconds(3600))
                #expect(made.problems(for: wanted, minimumDedupeWindow: .seconds(3600)).isEmpty)
                #expect(try await JetStream(connection).stream(named: "IN") == made)
            }
        }
    }

    @Test func `An existing stream is left as it is, and what is wrong with it is named`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                _ = try await connection.request(
                    OutgoingMessage(
                        subject: "$JS.API.STREAM.CREATE.IN",
                        payload: Array(
                            #"{"name":"IN","subjects":["in.a"],"discard":"old","duplicate_window":120000000000}"#.utf8)),
                    timeout: .seconds(5))
                let found = try await JetStream(connection).streamMadeIfMissing(wanted)
                #expect(found.subjects == ["in.a"])
                #expect(
                    found.problems(for: wanted, minimumDedupeWindow: .seconds(3600)) == [
                        "stream IN does not cover in.>",
                        "stream IN does not cover event.*",
                        "stream IN discards old messages when full, not new ones",
                        "stream IN has a dedupe window of 120.0 seconds, under 3600.0 seconds",
                    ])
            }
        }
    }

    @Test func `A stream over subjects of another one is refused with JetStream's words`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                _ = try await JetStream(connection).streamMadeIfMissing(wanted)
                var other = wanted
                other.name = "OTHER"
                let error = await #expect(throws: NATSError.self) {
                    try await JetStream(connection).streamMadeIfMissing(other)
                }
                #expect(error?.jetStreamCode == 10065)
                #expect(try await JetStream(connection).streams(covering: "in.a.b") == ["IN"])
                #expect(try await JetStream(connection).streams(covering: "out.a") == [])
            }
        }
    }
}

/// How many messages a stream holds.
func messageCount(of stream: String, on connection: NATSConnection) async throws -> Int {
    let reply = try await connection.request(
        OutgoingMessage(subject: "$JS.API.STREAM.INFO.\(stream)", payload: []), timeout: .seconds(5))
    return try #require(try JSONDocument(validating: reply.payload).root["state"]?["messages"]?.int)
}
