import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// How workers end, and what becomes of the requests that they have.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct EgressStopTests {
    @Test func `SIGTERM under load: all that was taken is answered, the rest has no responders, nothing is lost`()
        async throws
    {
        try await Gateway.running([.egress]) { settings in
            settings.further["EGRESS_RATE_PER_SECOND"] = "2000"
        } body: { gateway in
            gateway.graph.faults.latency = .milliseconds(20) ... .milliseconds(60)
            let load = RequestLoad(Bot(gateway), requesters: 40)
            let outcomes = try await load.run { running in
                try await gateway.graph.waitForAccepted(100)
                #expect(try await gateway.egress.stop() == .exited(0))
                running.stop()
            }
            #expect(outcomes.failures.values.allSatisfy { $0 == "noResponders" }, "\(outcomes.failures)")
            #expect(Set(gateway.graph.accepted.compactMap(\.text)) == outcomes.sent)
            #expect(gateway.graph.accepted.count == outcomes.sent.count)
            #expect(gateway.egress.notices.notices.contains { $0.isStopping })
        }
    }

    @Test func `SIGTERM does not wait for Graph beyond the drain time: what it never answered is told as unknown`()
        async throws
    {
        try await Gateway.running([.egress]) { settings in
            settings.further["SUPERVISOR_DRAIN_MS"] = "1500"
        } body: { gateway in
            gateway.graph.faults.disturbance = .hang
            async let reply = Bot(gateway).text("hello")
            try await gateway.graph.waitForRequests(1)
            #expect(try await gateway.egress.stop() == .exited(0))
            #expect(try await reply.failure == "GraphUnavailable 504")
            #expect(gateway.graph.stats.received == 1)
        }
    }

    @Test func `SIGTERM of a worker that has never found NATS ends it with 0`() async throws {
        var settings = try GatewaySettings()
        settings.natsURL = "nats://127.0.0.1:\(try FreePort.find())"
        let egress = try await GatewayProcess.start(.egress, settings.environment)
        try await egress.status(containing: "waiting for NATS")
        let ending = try await egress.stop(within: .seconds(10))
        #expect(ending == .exited(0))
    }

    @Test(arguments: ["gone", "stopped"])
    func `SIGTERM while nats-server is away ends the worker with 0, within the drain time`(_ state: String) async throws
    {
        try await Gateway.running([.egress]) { settings in
            settings.further["SUPERVISOR_DRAIN_MS"] = "4000"
        } body: { gateway in
            if state == "gone" {
                try await gateway.server.kill()
                try await gateway.egress.log.waitForLine(containing: "NATS disconnected")
            } else {
                gateway.server.pause()
            }
            let start = ContinuousClock.now
            #expect(try await gateway.egress.stop() == .exited(0))
            Measurement.print("SIGTERM to exit with nats-server \(state)", ContinuousClock.now - start)
            gateway.server.resume()
        }
    }

    @Test func `SIGKILL of one of two workers: the other goes on, and no message is sent twice`() async throws {
        try await Gateway.running([.egress, .egress]) { settings in
            settings.further["EGRESS_RATE_PER_SECOND"] = "2000"
        } body: { gateway in
            gateway.graph.faults.latency = .milliseconds(20) ... .milliseconds(40)
            let load = RequestLoad(Bot(gateway), requesters: 20, patience: .seconds(5))
            let outcomes = try await load.run { running in
                try await gateway.graph.waitForAccepted(100)
                gateway.processes[0].process.kill()
                // The other one has taken over when as many again have come through.
                let soFar = gateway.graph.stats.accepted
                try await gateway.graph.waitForAccepted(soFar + 200)
                running.stop()
            }
            // What the dead worker had is unknown to its requesters, and nobody else's.
            #expect(outcomes.failures.values.allSatisfy { $0 == "timeout" }, "\(outcomes.failures)")
            #expect(outcomes.failures.count <= 20)
            let accepted = gateway.graph.accepted.compactMap(\.text)
            #expect(Set(accepted).count == accepted.count)
            #expect(Set(accepted).isSuperset(of: outcomes.sent))
            #expect(Set(accepted).isSubset(of: outcomes.sent.union(outcomes.failures.keys)))
            #expect(load.isInOrder(accepted))
        }
    }

    @Test func `nats-server killed and restarted: sending resumes, and no message is sent twice`() async throws {
        try await Gateway.running([.egress]) { settings in
            settings.further["EGRESS_RATE_PER_SECOND"] = "2000"
        } body: { gateway in
            gateway.graph.faults.latency = .milliseconds(10) ... .milliseconds(30)
            let load = RequestLoad(Bot(gateway), requesters: 20, patience: .seconds(5))
            let outcomes = try await load.run { running in
                try await gateway.graph.waitForAccepted(100)
                try await gateway.server.kill()
                try await gateway.egress.log.waitForLine(containing: "NATS disconnected")
                let restarted = ContinuousClock.now
                try await gateway.server.restart()
                let soFar = gateway.graph.stats.accepted
                try await gateway.graph.waitForAccepted(soFar + 200, within: .seconds(20))
                Measurement.print("from the restart of nats-server to 200 more sent", ContinuousClock.now - restarted)
                running.stop()
            }
            let accepted = gateway.graph.accepted.compactMap(\.text)
            #expect(Set(accepted).count == accepted.count)
            #expect(Set(accepted).isSuperset(of: outcomes.sent))
            #expect(Set(accepted).isSubset(of: outcomes.sent.union(outcomes.failures.keys)))
            #expect(load.isInOrder(accepted))
            #expect(try await gateway.egress.stop() == .exited(0))
        }
    }
}
