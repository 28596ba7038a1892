import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// What a crash of nats-server brings back: jobs that were acked in its last seconds.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct ServerCrashTests {
    @Test func `A job that was sent is not sent again after nats-server has crashed`() async throws {
        try await Gateway.running([.egress]) { gateway in
            let queue = JobQueue(gateway)
            try await queue.add(text: "first")
            try await queue.emptied()
            try await gateway.server.kill()
            try await self.restart(gateway)
            // Whatever has come back is taken out of the stream by who has sent it; its successor finds nothing.
            try await gateway.egress.log.waitForLine(containing: "NATS reconnected", within: .seconds(20))
            try await queue.emptied()
            try await gateway.egress.stop()
            let successor = try await GatewayProcess.start(.egress, gateway.settings.environment)
            try await queue.add(text: "second")
            try await gateway.graph.waitForAccepted(2, within: .seconds(20))
            try await queue.emptied()
            #expect(gateway.graph.accepted.map(\.text) == ["first", "second"])
            try await successor.stop()
        }
    }

    @Test func `Jobs that were sent by a worker that has crashed with nats-server are not sent again unasked`()
        async throws
    {
        try await Gateway.running([.egress]) { gateway in
            let queue = JobQueue(gateway)
            let texts = (1...4).map { "text \($0)" }
            // Nothing settles the doubt about a job with a callback value of the bot's own.
            for text in texts {
                try await queue.add(
                    "sendMessage", #"{"to":"447700900123","text":"\#(text)","biz_opaque_callback_data":"mine"}"#)
            }
            try await queue.emptied()
            try await gateway.server.kill()
            gateway.egress.process.kill()
            try await self.restart(gateway)
            let successor = try await GatewayProcess.start(.egress, gateway.settings.environment)
            try await queue.add(text: "after")
            try await gateway.graph.waitForAccepted(5, within: .seconds(20))
            try await queue.emptied()
            #expect(gateway.graph.accepted.map(\.text) == texts + ["after"])
            #expect(try await queue.deadLetters().allSatisfy { $0.header("Wa-Reason") == "unknown outcome" })
            try await successor.stop()
        }
    }

    /// Starts nats-server again; returns when the test can reach it.
    private func restart(_ gateway: Gateway) async throws {
        try await gateway.server.restart()
        try await eventually("the test is connected again") {
            (try? await gateway.nats.roundTrip(timeout: .seconds(1))) != nil
        }
    }
}
