import Glibc
import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// Who sends an account's jobs, and who goes on when that one ends.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct QueueHolderTests {
    private static let holding = "holding the queue lane"

    /// Two workers for the accounts of a gateway: who holds the lane of `my_account` first, and who does not.
    private static func withTwoWorkers(
        _ body: @escaping (Gateway, _ holder: GatewayProcess, _ standby: GatewayProcess) async throws -> Void
    ) async throws {
        try await Gateway.running([.ingress, .egress, .egress], postingStatuses: true) { settings in
            settings.accounts = [.myAccount]
            settings.further["EGRESS_RATE_PER_SECOND"] = "1000"
        } body: { gateway in
            let holder = try await eventuallySome("a worker holds the lane") {
                gateway.processes.first { $0.log.text.contains(Self.holding) }
            }
            let standby = try #require(gateway.processes.first { $0 !== holder && $0.product == .egress })
            #expect(!standby.log.text.contains(Self.holding))
            try await body(gateway, holder, standby)
        }
    }

    @Test func `Jobs stored before any worker came are sent when one comes, in order`() async throws {
        try await Gateway.running([.egress]) { settings in
            settings.accounts = [.myAccount]
        } body: { gateway in
            let queue = JobQueue(gateway)
            try await gateway.egress.stop()
            try await queue.add(texts: (1...20).map { ("\($0)", "447700900123") })
            let worker = try await GatewayProcess.start(.egress, gateway.settings.environment)
            try await worker.ready()
            #expect(try await gateway.graph.waitForAccepted(20).map(\.text) == (1...20).map(String.init))
            try await queue.emptied()
            try await worker.stop()
        }
    }

    @Test func `One worker holds the lane, and sends all jobs`() async throws {
        try await Self.withTwoWorkers { gateway, holder, standby in
            let queue = JobQueue(gateway)
            try await queue.add(texts: (1...50).map { ("\($0)", "44770090\(1000 + $0)") })
            try await queue.emptied()
            #expect(gateway.graph.accepted.count == 50)
            #expect(!standby.log.text.contains("job ended"))
        }
    }

    @Test func `After the holder's SIGKILL the other sends the first job within 6 s, and none twice`() async throws {
        try await Self.withTwoWorkers { gateway, holder, standby in
            let queue = JobQueue(gateway)
            gateway.graph.faults.latency = .milliseconds(100) ... .milliseconds(100)
            try await queue.add(text: "before", to: "447700900001")
            try await queue.emptied()
            holder.process.kill()
            let killed = ContinuousClock.now
            try await queue.add(text: "after")
            try await gateway.graph.waitForAccepted(2)
            let silence = ContinuousClock.now - killed
            Measurement.print("first job \(silence) after the holder's SIGKILL")
            #expect(silence < .seconds(6))
            try await queue.emptied()
            #expect(gateway.graph.accepted.map(\.text) == ["before", "after"])
        }
    }

    @Test func `After the holder's drain the other sends the first job within 1 s, and none is sent twice or lost`()
        async throws
    {
        try await Self.withTwoWorkers { gateway, holder, standby in
            let queue = JobQueue(gateway)
            gateway.graph.faults.latency = .milliseconds(100) ... .milliseconds(100)
            let texts = (1...400).map { (text: "\($0)", to: "44770090\(1000 + $0 % 40)") }
            try await queue.add(texts: texts)
            try await gateway.graph.waitForAccepted(50)
            holder.process.terminate()
            #expect(try await holder.process.waitForExit(within: .seconds(20)) == .exited(0))
            let drained = ContinuousClock.now
            let before = gateway.graph.accepted.count
            try await gateway.graph.waitForAccepted(before + 1)
            let silence = ContinuousClock.now - drained
            Measurement.print("first job \(silence) after the holder's drain")
            #expect(silence < .seconds(1))
            try await queue.emptied()
            #expect(gateway.graph.accepted.compactMap(\.text).sorted() == texts.map(\.text).sorted())
            for number in 0..<40 {
                let recipient = "44770090\(1000 + number)"
                let sent = gateway.graph.accepted.filter { $0.to == recipient }.compactMap(\.text)
                #expect(sent == texts.filter { $0.to == recipient }.map(\.text), "\(recipient)")
            }
        }
    }

    @Test func `A holder that was stopped and comes back starts no send after it has lost the lane`() async throws {
        try await Self.withTwoWorkers { gateway, holder, standby in
            let queue = JobQueue(gateway)
            gateway.graph.faults.latency = .milliseconds(20) ... .milliseconds(20)
            let texts = (1...600).map { (text: "\($0)", to: "44770090\(1000 + $0 % 30)") }
            try await queue.add(texts: texts)
            try await gateway.graph.waitForAccepted(20)
            holder.process.signal(SIGSTOP)
            try await standby.log.waitForLine(containing: Self.holding, within: .seconds(10))
            holder.process.signal(SIGCONT)
            try await queue.emptied(within: .seconds(120))
            let sent = gateway.graph.accepted.compactMap(\.text)
            #expect(sent.count == 600 && Set(sent).count == 600, "all are sent, none twice")
            for number in 0..<30 {
                let recipient = "44770090\(1000 + number)"
                let own = gateway.graph.accepted.filter { $0.to == recipient }.compactMap(\.text)
                #expect(own == texts.filter { $0.to == recipient }.map(\.text), "\(recipient)")
            }
            #expect(try await queue.deadLetters().isEmpty)
        }
    }
}
