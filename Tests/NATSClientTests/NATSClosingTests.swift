import Daemon
import NATSClient
import NATSTestSupport
import Settings
import TestSupport
import Testing

/// The end of a connection, and what a watchdog sees of its threads until then.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct NATSClosingTests {
    @Test func `Closing once more returns too, at the same time and later`() async throws {
        try await NATSServer.running { server in
            let connection = NATSConnection(NATSOptions(server), logger: .quiet)
            try await connection.connected()
            await withDiscardingTaskGroup { group in
                for _ in 0..<8 { group.addTask { await connection.close() } }
            }
            await connection.close()
            #expect(!connection.isConnected)
        }
    }

    @Test func `A connection that has never found its server closes twice`() async throws {
        let options = NATSOptions(
            servers: [Secret("nats://127.0.0.1:9")], hosts: "127.0.0.1:9", clientName: "test", writesAtOnce: true,
            reconnectBufferBytes: 1)
        let connection = NATSConnection(options, logger: .quiet)
        await connection.close()
        await connection.close()
    }

    @Test func `Idle threads come round when they are poked, and while NATS is away none is to blame`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                let loops = connection.workingLoops
                #expect(loops.map(\.name) == ["nats-link", "nats-deliveries", "nats-deadlines"])
                for loop in loops where loop.name != "nats-deliveries" {
                    let before = loop.state()
                    loop.poke()
                    try await eventually("\(loop.name) comes round") { loop.state() != before }
                }
                #expect(loops[1].state() == .excused)
                try await server.stop()
                try await eventually("the link is excused") { loops[0].state() == .excused }
                try await server.restart()
                try await eventually("the link counts again") { loops[0].state() != .excused }
            }
        }
    }

    @Test func `A handler that does not return is seen`() async throws {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                let deliveries = connection.workingLoops[1]
                let monitor = Monitor()
                _ = connection.subscribe("stuck") { _ in
                    monitor.lock()
                    monitor.unlock()
                }
                try await connection.roundTrip(timeout: .seconds(5))
                try await eventually("the thread rests") { deliveries.state() == .excused }
                monitor.lock()
                connection.publish(OutgoingMessage(subject: "stuck", payload: []))
                try await eventually("the thread works") { deliveries.state() != .excused }
                monitor.unlock()
                try await eventually("the thread rests") { deliveries.state() == .excused }
            }
        }
    }

    @Test func `What still drains does not keep a connection from closing`() async throws {
        try await NATSServer.running { server in
            for round in 0..<200 {
                let connection = NATSConnection(NATSOptions(server), logger: .quiet)
                // Some are closed before they are connected.
                if round % 2 == 0 { try await connection.connected() }
                let subscriptions = (0..<9).map { number in connection.subscribe("drained.\(number)") { _ in } }
                for subscription in subscriptions { await connection.drain(subscription, by: .now) }
                let took = await ContinuousClock().measure { await connection.close() }
                #expect(took < .milliseconds(900), "round \(round): \(took)")
            }
        }
    }
}
