import NATSClient
import NATSTestSupport
import TestSupport
import Testing

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct OutgoingHeaderTests {
    @Test func `A header with several values is published with each of them, in their order`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                let received = Watched<[NATSMessage]>([])
                _ = connection.subscribe("headers") { message in received.update { $0.append(message) } }
                try await connection.roundTrip(timeout: .seconds(5))
                connection.publish(
                    OutgoingMessage(
                        subject: "headers",
                        headers: [
                            NATSHeader("X", "2"), NATSHeader("Y", "q"), NATSHeader("X", "1"), NATSHeader("x", "3"),
                        ],
                        payload: []))
                let message = try await received.first(what: "the message") { $0.first }
                #expect(message.headers.filter { $0.name == "X" }.map(\.value) == ["2", "1"])
                #expect(Set(message.headers.map(\.name)) == ["X", "Y", "x"])
            }
        }
    }
}
