import GraphSimulator
import TestSupport
import Testing

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct EgressReadinessTests {
    private static let product = "whatsapp-egress"
    private static let accounts = ["WA_DESK": "2:token-of-desk"]

    @Test func `An egress that serves says so, check by check`() async throws {
        try await NATSServer.running { server in
            try await ProcessUnderTest.running(Self.product, nats: server.url, Self.accounts) { egress in
                let ready = try await egress.readiness("ready") { $0.isReady }
                #expect(
                    ready.names == [
                        "nats", "subscriptions", "streams over out.*", "queue lane", "account desk", "account shop",
                    ])
            }
        }
    }

    @Test func `Jobs in memory are warned of`() async throws {
        try await NATSServer.running { server in
            try await ProcessUnderTest.running(Self.product, nats: server.url, ["STREAM_STORAGE": "memory"]) { egress in
                try await egress.process.standardError.waitForLine {
                    $0.contains("level=warning") && $0.contains("STREAM_STORAGE=memory: jobs are lost")
                }
            }
        }
    }

    @Test func `Each stream over the requests is named, in /ready and in the log`() async throws {
        try await NATSServer.running { server in
            try await server.makeStream(#"{"name":"ALL","subjects":["whatsapp.shop.>"]}"#)
            try await server.makeStream(#"{"name":"DESK","subjects":["whatsapp.desk.out.sendMessage"]}"#)
            try await ProcessUnderTest.running(Self.product, nats: server.url, Self.accounts) { egress in
                let readiness = try await egress.readiness("the problem") {
                    $0.reasons["streams over out.*"]?.contains("stream ALL") == true
                }
                let reason = readiness.reasons["streams over out.*"] ?? ""
                #expect(readiness.status == 503 && readiness.reasons.count == 2)
                // It holds what would be jobs, too.
                #expect(
                    readiness.reasons["queue lane"]?.contains("stream ALL holds subjects of WHATSAPP_OUT") == true)
                for problem in ["stream ALL covers whatsapp.shop.out.*", "stream DESK covers whatsapp.desk.out.*"] {
                    #expect(reason.contains(problem))
                    try await egress.process.standardError.waitForLine {
                        $0.contains("level=error") && $0.contains(problem)
                    }
                }
                try await server.jetStream("STREAM.DELETE.ALL")
                try await server.jetStream("STREAM.DELETE.DESK")
                try await egress.readiness("ready") { $0.isReady }
            }
        }
    }

    @Test func `A pause shows at the account that it is of, and at no other`() async throws {
        let valid = SimulatedAccount(phoneNumberID: "2", accessToken: "token-of-desk")
        // The egress has another token for the shop.
        let invalid = SimulatedAccount(phoneNumberID: "1", accessToken: "renewed")
        try await NATSServer.running { server in
            try await GraphSimulator.running(SimulatorConfiguration(accounts: [valid, invalid])) { simulator in
                let variables = Self.accounts.merging(["GRAPH_URL": "http://127.0.0.1:\(simulator.port)"]) { $1 }
                try await ProcessUnderTest.running(Self.product, nats: server.url, variables) { egress in
                    try await egress.readiness("ready") { $0.isReady }
                    try await server.request("whatsapp.shop.out.sendMessage", #"{"to":"447700900123","text":"Hello"}"#)
                    let paused = try await egress.readiness("the pause") { !$0.isReady }
                    #expect(paused.reasons == ["account shop": "account shop is paused by Graph (code 190)"])
                    try await egress.notices.waitForNotice("the status") {
                        $0.status == "account shop is paused by Graph (code 190)"
                    }
                }
            }
        }
    }

    @Test func `A refusal that needs a person shows at its account, which stays ready`() async throws {
        try await NATSServer.running { server in
            try await GraphSimulator.running(
                SimulatorConfiguration(accounts: [SimulatedAccount(phoneNumberID: "2", accessToken: "token-of-desk")])
            ) { simulator in
                let variables = Self.accounts.merging(["GRAPH_URL": "http://127.0.0.1:\(simulator.port)"]) { $1 }
                try await ProcessUnderTest.running(Self.product, nats: server.url, variables) { egress in
                    try await egress.readiness("ready") { $0.isReady }
                    let refusal = #"{"error":{"message":"no","type":"OAuthException","code":131042}}"#
                    simulator.script(ScriptedAnswer(status: 400, headers: [:], body: Array(refusal.utf8)))
                    try await server.request("whatsapp.desk.out.sendMessage", #"{"to":"447700900123","text":"Hello"}"#)
                    let degraded = try await egress.readiness("the reason") { !$0.reasons.isEmpty }
                    let reason =
                        "account desk needs attention: Graph has refused (code 131042, payment problem)"
                    #expect(degraded.isReady && degraded.status == 200)
                    #expect(degraded.reasons == ["account desk": reason])
                    try await egress.notices.waitForNotice("the status") {
                        $0.status == "serving desk, shop; \(reason)"
                    }
                }
            }
        }
    }

    @Test func `NATS away shows within seconds in what depends on it, and nowhere else`() async throws {
        try await NATSServer.running { server in
            try await ProcessUnderTest.running(Self.product, nats: server.url) { egress in
                try await egress.readiness("ready") { $0.isReady }
                let before = ContinuousClock.now
                try await server.stop()
                let away = try await egress.readiness("NATS away") { !$0.isReady }
                // Its last answer may have been up to 2 s old when it went, and that of a busy machine older.
                #expect(ContinuousClock.now - before >= .seconds(2))
                #expect(away.reasons.keys.sorted() == ["nats", "streams over out.*", "subscriptions"])
            }
        }
    }

    @Test func `A server that stands still is noticed once its last answer is five seconds old`() async throws {
        try await NATSServer.running { server in
            try await ProcessUnderTest.running(Self.product, nats: server.url) { egress in
                try await egress.noticesStandstill(of: server) { $0.reasons["nats"] != nil }
            }
        }
    }

    @Test func `An egress that has never reached NATS says what it waits for`() async throws {
        let port = try FreePort.find()
        try await ProcessUnderTest.running(Self.product, nats: "nats://127.0.0.1:\(port)") { egress in
            let waiting = try await egress.readiness("the reason") { $0.reasons["nats"] != nil }
            #expect(waiting.status == 503)
            #expect(waiting.reasons["nats"] == "waiting for NATS at 127.0.0.1:\(port)")
        }
    }
}
