import Glibc
import GraphSimulator
import NATSClient
import TestSupport
import Testing

/// Accounts spread over processes and over hosts, with real processes.
@Suite(.serialized, .enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct AccountSpreadTests {
    /// Of two, `my_account` and `billing` fall to the first, the others to the second.
    private static let accounts = ["my_account", "billing", "acme", "shop", "sales"].enumerated().map { index, name in
        GatewayAccount(name: name, phoneNumberID: "\(1000 + index)", token: "EAAG-token-of-\(name)")
    }
    private static let halves = [["billing", "my_account"], ["acme", "sales", "shop"]]

    private static func settings(_ settings: inout GatewaySettings, _ more: [String: String]) {
        settings.accounts = Self.accounts
        settings.further["SUPERVISOR_COMPONENTS"] = "egress"
        settings.further.merge(more) { $1 }
    }

    /// The accounts that a process was told to serve.
    private static func served(by processID: pid_t) -> [String] {
        let arguments = ProcessTable.arguments(of: processID)
        return zip(arguments, arguments.dropFirst()).filter { $0.0 == "--account" }.map(\.1).sorted()
    }

    private static func isServed(_ account: GatewayAccount, in gateway: Gateway) async throws -> Bool {
        do {
            let reply = try await gateway.request(
                "sendMessage", #"{"to":"447700900123","text":"hello"}"#, of: account)
            return reply.header("Nats-Service-Error") == nil
        } catch let error as NATSError where error.code == .noResponders {
            return false
        }
    }

    private static func plan(_ gateway: Gateway) async throws -> [String] {
        let plan = try await GatewayProcess.start(.supervisor, gateway.settings.environment, arguments: ["plan"])
        #expect(try await plan.process.waitForExit() == .exited(0))
        try await plan.process.standardOutput.waitForEnd()
        return plan.process.standardOutput.lines
    }

    @Test func `Two processes serve five accounts on both lanes, each with its own tokens alone, as planned`()
        async throws
    {
        try await Gateway.running([.supervisor]) {
            Self.settings(&$0, ["EGRESS_WORKERS": "2"])
        } body: { gateway async throws in
            let workers = gateway.supervisor.workers
            #expect(workers.keys.sorted() == ["egress-1", "egress-2"])
            let plan = try await Self.plan(gateway)
            for (name, half) in zip(["egress-1", "egress-2"], Self.halves) {
                let worker = try #require(workers[name])
                #expect(Self.served(by: worker) == half)
                #expect(plan.contains("\(name)  \(half.joined(separator: ", "))"))
                guard let environment = ProcessTable.environment(of: worker) else { continue }
                for account in Self.accounts {
                    let isOwn = half.contains(account.name)
                    #expect(environment.values.contains { $0.contains(account.token) } == isOwn)
                }
            }
            for account in Self.accounts {
                #expect(try await Self.isServed(account, in: gateway), "\(account.name)")
                let job = OutgoingMessage(
                    subject: "whatsapp.\(account.name).queue.sendMessage",
                    payload: Array(#"{"to":"447700900124","text":"job"}"#.utf8))
                _ = try await gateway.nats.store([job], timeout: .seconds(5)).first?.get()
            }
            try await eventually("both lanes send for each account") {
                Self.accounts.allSatisfy { account in
                    gateway.graph.accepted.count { $0.account.phoneNumberID == account.phoneNumberID } == 2
                }
            }
            #expect(try await gateway.supervisor.stop() == .exited(0))
        }
    }

    @Test func `Two hosts with a shard each serve every account once`() async throws {
        try await Gateway.running([.supervisor]) {
            Self.settings(&$0, ["SUPERVISOR_SHARD": "1/2"])
        } body: { gateway async throws in
            let first = gateway.supervisor
            var settings = gateway.settings
            settings.further["SUPERVISOR_SHARD"] = "2/2"
            // A host needs no token of an account that another one serves.
            for account in settings.accounts where Self.halves[0].contains(account.name) {
                settings.further[account.variable] = account.phoneNumberID
            }
            let second = try await GatewayProcess.start(.supervisor, settings.environment)
            try await second.ready()
            for (host, half) in zip([first, second], Self.halves) {
                #expect(host.workers.keys.sorted() == half.map { "egress-\($0)" })
                #expect(host.workers.values.flatMap(Self.served).sorted() == half)
            }
            for account in Self.accounts { #expect(try await Self.isServed(account, in: gateway)) }
            #expect(try await second.stop() == .exited(0))
            for account in Self.accounts {
                #expect(try await Self.isServed(account, in: gateway) == Self.halves[0].contains(account.name))
            }
        }
    }

    @Test func `One process serves as many accounts as there are, whatever their names`() async throws {
        let accounts = (1...200).map { number in
            let name = "\(number)_" + String(repeating: "x", count: 60)
            return GatewayAccount(name: name, phoneNumberID: "\(1000 + number)", token: "EAAG-\(number)")
        }
        try await Gateway.running([.supervisor]) {
            Self.settings(&$0, ["EGRESS_WORKERS": "1"])
            $0.accounts = accounts
        } body: { gateway async throws in
            try await gateway.supervisor.status(containing: "1 worker ready")
            try await eventually("every lane is held", within: .seconds(30)) {
                gateway.supervisor.log.lines.count { $0.contains("holding the queue lane") } == 200
            }
            #expect(try await Self.isServed(accounts[0], in: gateway))
            #expect(try await Self.isServed(accounts[199], in: gateway))
            #expect(try await gateway.supervisor.stop() == .exited(0))
        }
    }

    @Test(arguments: [[:], ["EGRESS_WORKERS": "4"]])
    func `A host whose shard is empty is ready, says so, and drains`(more: [String: String]) async throws {
        try await Gateway.running([.supervisor]) {
            Self.settings(&$0, more)
            $0.further["SUPERVISOR_SHARD"] = "7/8"
        } body: { gateway async throws in
            try await gateway.supervisor.status(containing: "no account falls to shard 7/8")
            #expect(gateway.supervisor.workers.isEmpty)
            #expect(try await gateway.supervisor.stop() == .exited(0))
        }
    }
}
