import GraphSimulator
import JSONBytes
import NATSClient
import TestSupport
import Testing

/// Every outbound fixture, through a real egress.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct OutboundFixtureTests {
    /// A fixture, and the status its answer comes with.
    struct Case: Sendable, CustomTestStringConvertible {
        let fixture: OutboundFixture
        let status: Int?

        var testDescription: String { self.fixture.name + (self.status.map { " with \($0)" } ?? "") }

        /// Whether it leaves the account waiting or paused, so that the next one needs a fresh worker.
        var leavesTraces: Bool {
            let kind = self.fixture.kind ?? ""
            return kind.hasPrefix("throttle") || kind.hasPrefix("transport") || kind == "maintenance"
                || ["err_0_auth", "err_190_token"].contains(self.fixture.name)
        }

        static let all: [Case] = {
            let fixtures = (try? OutboundFixture.all()) ?? []
            return fixtures.flatMap { fixture in
                let elsewhere = fixture.answer?.statusSeenElsewhere.map { [Case(fixture: fixture, status: $0)] } ?? []
                return [Case(fixture: fixture, status: fixture.answer?.status)] + elsewhere
            }
        }()
    }

    @Test func `Fixtures that leave no traces are sent and answered as they say, one after another`() async throws {
        let cases = Case.all.filter { !$0.leavesTraces }
        #expect(Case.all.count == 97 && cases.count == 82)
        try await Gateway.running([.egress]) { settings in
            settings.further["EGRESS_RATE_PER_SECOND"] = "5000"
        } body: { gateway in
            let run = try await OutboundFixtureRun(gateway)
            for each in cases { try await run.check(each.fixture, status: each.status) }
        }
    }

    @Test(arguments: Case.all.filter { $0.leavesTraces && $0.fixture.transport == nil })
    func `A fixture that stops sending for a while is answered as it says`(_ each: Case) async throws {
        try await Gateway.running([.egress]) { gateway in
            try await OutboundFixtureRun(gateway).check(each.fixture, status: each.status)
        }
    }

    @Test(arguments: ["net_reset_after_send", "net_timeout_after_send"])
    func `A request that was written and not answered is never written again`(_ name: String) async throws {
        try await Gateway.running([.egress]) { settings in
            settings.further["EGRESS_GRAPH_TIMEOUT_MS"] = "300"
        } body: { gateway in
            gateway.graph.faults.disturbance = name == "net_reset_after_send" ? .reset : .hang
            try await OutboundFixtureRun(gateway).check(OutboundFixture.named(name), status: nil)
            #expect(gateway.graph.stats.received == 1)
        }
    }

    @Test func `A refused connection is a 503, and nothing was sent`() async throws {
        try await Gateway.running([.egress]) { settings in
            settings.further["GRAPH_URL"] = "http://127.0.0.1:\(try FreePort.find())"
        } body: { gateway in
            try await OutboundFixtureRun(gateway).check(OutboundFixture.named("net_connect_refused"), status: nil)
            #expect(gateway.graph.stats.received == 0)
        }
    }

    @Test func `A failed TLS handshake is a 503, and nothing was sent`() async throws {
        // It speaks plain HTTP alone.
        try await GraphSimulator.running(SimulatorConfiguration(accounts: [])) { plain in
            try await Gateway.running([.egress]) { settings in
                settings.further["GRAPH_URL"] = "https://127.0.0.1:\(plain.port)"
            } body: { gateway in
                try await OutboundFixtureRun(gateway).check(OutboundFixture.named("net_tls_failure"), status: nil)
                #expect(plain.stats.connectionsOpened > 0 && plain.stats.received == 0)
            }
        }
    }
}
