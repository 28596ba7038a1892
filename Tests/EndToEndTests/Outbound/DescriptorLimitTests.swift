import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// An egress that may not open as many connections as its accounts might want.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct DescriptorLimitTests {
    @Test func `Calls wait for one of the connections that there can be, and none fails for lack of one`() async throws
    {
        try await Gateway.running([]) {
            $0.further["EGRESS_RATE_PER_SECOND"] = "100000"
        } body: { gateway in
            gateway.graph.faults.latency = .milliseconds(100) ... .milliseconds(100)
            let shell = ["/bin/sh", "-c", #"ulimit -n 176 && exec "$@""#, "sh"]
            let egress = try await GatewayProcess.start(.egress, gateway.settings.environment, through: shell)
            try await egress.ready()
            let outcomes = await withTaskGroup(of: String?.self) { group in
                for number in 0..<400 {
                    let account = gateway.settings.accounts[number % 2]
                    group.addTask {
                        let payload = Bot.textPayload("\(number)", to: "4477009\(100_000 + number)")
                        let reply = try? await gateway.request("sendMessage", payload, of: account)
                        return reply.map { $0.header("Nats-Service-Error") ?? "" }
                    }
                }
                return await group.reduce(into: [String?]()) { $0.append($1) }
            }
            #expect(outcomes == Array(repeating: "", count: 400))
            #expect(gateway.graph.accepted.count == 400)
            let calls = egress.log.lines.filter { $0.contains(#"msg="Graph call""#) }
            #expect(calls.filter { !$0.contains(#"outcome="sent,"#) } == [])
            try await egress.stop()
        }
    }
}
