import NATSClient
import NATSTestSupport
import TestSupport
import Testing

/// A server that is there and does nothing: it reads nothing, and says nothing.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct SilentServerTests {
    private static let chunk = [UInt8](repeating: 1, count: 500_000)

    @Test(arguments: [false, true])
    func `What a server does not read is kept up to a bound, then refused, and goes out when it reads again`(
        usesTLS: Bool
    ) async throws {
        try await Self.running(usesTLS: usesTLS) { server, options in
            let watching = NATSConnection(options, logger: .quiet)
            let received = Watched<[UInt8]>([])
            _ = watching.subscribe("flood.*") { message in received.update { $0.append(message.payload[0]) } }
            try await watching.roundTrip(timeout: .seconds(5))
            let connection = NATSConnection(options, logger: .quiet)
            try await connection.connected()

            server.pause()
            // The kernel takes some megabytes, 64 MiB are kept here.
            for number in 0..<160 {
                connection.publish(
                    OutgoingMessage(subject: "flood.a", payload: [UInt8(number)] + Self.chunk))
            }
            let error = await #expect(throws: NATSError.self) {
                try await connection.request(
                    OutgoingMessage(subject: "flood.a", payload: Self.chunk), timeout: .seconds(10))
            }
            #expect(error?.code == .overloaded)
            server.resume()

            let all = try await received.first(within: .seconds(20), what: "what was kept") {
                $0.count >= 134 ? $0 : nil
            }
            #expect(all.prefix(134).elementsEqual((0..<134).map { UInt8($0) }))
            try await connection.roundTrip(timeout: .seconds(10))
            #expect(connection.reconnects == 0)
            await connection.close()
            await watching.close()
        }
    }

    @Test(arguments: [false, true])
    func `A server that falls silent is given up, and found again when it speaks`(usesTLS: Bool) async throws {
        try await Self.running(usesTLS: usesTLS) { server, options in
            let connection = NATSConnection(options, logger: .quiet)
            let received = Watched<Int>(0)
            _ = connection.subscribe("again") { _ in received.update { $0 += 1 } }
            try await connection.roundTrip(timeout: .seconds(5))
            server.pause()
            try await eventually("the silence is noticed", within: .seconds(20)) { !connection.isConnected }
            server.resume()
            try await eventually("the reconnect", within: .seconds(20)) { connection.isConnected }
            try await connection.roundTrip(timeout: .seconds(5))
            #expect(connection.reconnects == 1)
            connection.publish(OutgoingMessage(subject: "again", payload: []))
            _ = try await received.first(what: "a message after all") { $0 == 1 ? $0 : nil }
            await connection.close()
        }
    }

    @Test func `An idle connection stands, since the server answers`() async throws {
        try await Self.running(usesTLS: false) { _, options in
            let connection = NATSConnection(options, logger: .quiet)
            try await connection.connected()
            // Longer than silence is borne.
            try await Task.sleep(for: .seconds(9))
            #expect(connection.isConnected)
            #expect(connection.reconnects == 0)
            await connection.close()
        }
    }

    @Test func `A connection whose server reads nothing closes within its limit`() async throws {
        try await Self.running(usesTLS: false) { server, options in
            let connection = NATSConnection(options, logger: .quiet)
            try await connection.connected()
            server.pause()
            for _ in 0..<60 {
                connection.publish(OutgoingMessage(subject: "flood", payload: Self.chunk))
            }
            let took = await ContinuousClock().measure { await connection.close(flush: .milliseconds(300)) }
            #expect(took >= .milliseconds(300))
            #expect(took < .seconds(2))
            server.resume()
        }
    }

    @Test func `A drain ends when the connection breaks`() async throws {
        try await Self.running(usesTLS: false) { server, options in
            let connection = NATSConnection(options, logger: .quiet)
            let subscription = connection.subscribe("drained") { _ in }
            try await connection.roundTrip(timeout: .seconds(5))
            server.pause()
            let began = ContinuousClock.now
            async let drained: Void = connection.drain(subscription, by: began + .seconds(60))
            try await server.kill()
            await drained
            #expect(ContinuousClock.now - began < .seconds(10))
            try await server.restart()
            try await eventually("the reconnect", within: .seconds(20)) { connection.isConnected }
            await connection.close()
        }
    }

    private static func running(
        usesTLS: Bool, _ body: (NATSServer, NATSOptions) async throws -> Void
    ) async throws {
        guard usesTLS else { return try await NATSServer.running { try await body($0, NATSOptions($0)) } }
        let certificates = try await TestCertificates.make()
        try await NATSServer.running(.with { $0.certificates = certificates }) { server in
            var options = NATSOptions(server)
            options.certificateAuthorityPath = certificates.authority
            try await body(server, options)
        }
    }
}
