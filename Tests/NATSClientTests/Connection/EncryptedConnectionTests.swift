import NATSClient
import NATSTestSupport
import TestSupport
import Testing

/// Many bytes over TLS, whose records are of 16 KiB at most and come in pieces.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct EncryptedConnectionTests {
    @Test func `A server without TLS is understood, though there is a CA to check one with`() async throws {
        let certificates = try await TestCertificates.make()
        try await NATSServer.running { server in
            var options = NATSOptions(server)
            options.certificateAuthorityPath = certificates.authority
            let connection = NATSConnection(options, logger: .quiet)
            for _ in 0..<20 { try await connection.roundTrip(timeout: .seconds(5)) }
            await connection.close()
        }
    }

    @Test func `Messages of many records arrive whole and in order, beside small ones both ways`() async throws {
        let certificates = try await TestCertificates.make()
        try await NATSServer.running(.with { $0.certificates = certificates }) { server in
            var options = NATSOptions(server)
            options.certificateAuthorityPath = certificates.authority
            let (near, far) = (
                NATSConnection(options, logger: .quiet), NATSConnection(options, logger: .quiet)
            )
            let received = Watched<[[UInt8]]>([])
            _ = far.subscribe("sizes") { message in received.update { $0.append(message.payload) } }
            _ = far.subscribe("echo") { message in
                far.publish(OutgoingMessage(subject: message.reply ?? "none", payload: message.payload))
            }
            try await far.roundTrip(timeout: .seconds(5))
            try await near.connected()

            let sizes = (0..<60).map { number in [1, 16_000, 16_384, 16_385, 70_000, 900_000][number % 6] + number }
            async let echoes: Void = {
                for number in 0..<200 {
                    let payload = [UInt8](repeating: UInt8(number), count: number * 200)
                    let answer = try await near.request(
                        OutgoingMessage(subject: "echo", payload: payload), timeout: .seconds(20))
                    #expect(answer.payload == payload)
                }
            }()
            for (number, size) in sizes.enumerated() {
                near.publish(
                    OutgoingMessage(subject: "sizes", payload: [UInt8](repeating: UInt8(number), count: size)))
            }
            let all = try await received.first(within: .seconds(30), what: "every message") {
                $0.count == sizes.count ? $0 : nil
            }
            for (number, payload) in all.enumerated() {
                #expect(payload.count == sizes[number])
                #expect(payload.first == UInt8(number) && payload.last == UInt8(number))
            }
            try await echoes
            await near.close()
            await far.close()
        }
    }
}
