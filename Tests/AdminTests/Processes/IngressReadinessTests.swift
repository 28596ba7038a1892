import Glibc
import TestSupport
import Testing

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct IngressReadinessTests {
    private static let product = "whatsapp-ingress"
    private static let subjects = #""whatsapp.*.in.>","whatsapp.event.*""#
    private static let hour = 3_600_000_000_000

    @Test func `An ingress that takes webhooks says so, check by check, until it drains`() async throws {
        try await NATSServer.running { server in
            try await ProcessUnderTest.running(Self.product, nats: server.url) { ingress in
                let ready = try await ingress.readiness("ready") { $0.isReady }
                #expect(ready.names == ["listener", "nats", "stream WHATSAPP_IN"])
                try await ingress.notices.waitForNotice("READY=1") { $0.isReady && $0.status == "taking webhooks" }
                var status = stat()
                #expect(lstat(ingress.admin, &status) == 0)
                ingress.process.terminate()
                try await ingress.process.waitForExit(within: .seconds(30))
                #expect(lstat(ingress.admin, &status) == -1)
            }
        }
    }

    @Test(arguments: [
        (
            #"{"name":"WHATSAPP_IN","subjects":[\#(subjects)],"discard":"new","duplicate_window":120000000000}"#,
            "stream WHATSAPP_IN has a dedupe window of 120.0 seconds, under 3600.0 seconds"
        ),
        (
            #"{"name":"WHATSAPP_IN","subjects":[\#(subjects)],"discard":"old","duplicate_window":\#(hour)}"#,
            "stream WHATSAPP_IN discards old messages when full, not new ones"
        ),
        (
            #"{"name":"WHATSAPP_IN","subjects":["whatsapp.*.in.>"],"discard":"new","duplicate_window":\#(hour)}"#,
            "stream WHATSAPP_IN does not cover whatsapp.event.*"
        ),
        (
            #"{"name":"WHATSAPP_IN","subjects":[\#(subjects)],"discard":"new","duplicate_window":\#(hour),"retention":"interest"}"#,
            "stream WHATSAPP_IN has retention interest, not limits"
        ),
        (
            #"{"name":"ARCHIVE","subjects":["whatsapp.shop.in.message"]}"#,
            "stream ARCHIVE holds subjects of WHATSAPP_IN"
        ),
    ])
    func `A stream that breaks a promise is named in /ready, in the status and in the log`(
        configuration: String, problem: String
    ) async throws {
        try await NATSServer.running { server in
            try await server.makeStream(configuration)
            try await ProcessUnderTest.running(Self.product, nats: server.url) { ingress in
                let readiness = try await ingress.readiness("the problem") { readiness in
                    readiness.reasons["stream WHATSAPP_IN"]?.contains(problem) == true
                }
                #expect(readiness.status == 503 && readiness.reasons.count == 1)
                try await ingress.notices.waitForNotice("the status") { $0.status?.contains(problem) == true }
                try await ingress.process.standardError.waitForLine { line in
                    line.contains("level=error") && line.contains(problem)
                }
            }
        }
    }

    @Test func `Both are named: what a stream does not cover, and the stream that does`() async throws {
        try await NATSServer.running { server in
            try await server.makeStream(
                #"{"name":"WHATSAPP_IN","subjects":["whatsapp.*.in.>"],"discard":"new","duplicate_window":\#(Self.hour)}"#
            )
            try await server.makeStream(#"{"name":"EVENTS","subjects":["whatsapp.event.account_update"]}"#)
            try await ProcessUnderTest.running(Self.product, nats: server.url) { ingress in
                try await ingress.readiness("both") { readiness in
                    readiness.reasons["stream WHATSAPP_IN"]
                        == "stream WHATSAPP_IN does not cover whatsapp.event.*; stream EVENTS holds subjects of WHATSAPP_IN"
                }
            }
        }
    }

    @Test func `A stream that is put right is taken without a restart`() async throws {
        try await NATSServer.running { server in
            try await server.makeStream(#"{"name":"ARCHIVE","subjects":["whatsapp.>"]}"#)
            try await ProcessUnderTest.running(Self.product, nats: server.url) { ingress in
                try await ingress.readiness("the problem") { $0.reasons["stream WHATSAPP_IN"] != nil }
                try await server.jetStream("STREAM.DELETE.ARCHIVE")
                try await ingress.readiness("ready") { $0.isReady }
            }
        }
    }

    @Test func `A problem that comes up later shows within seconds, without patience`() async throws {
        try await NATSServer.running { server in
            try await ProcessUnderTest.running(Self.product, nats: server.url) { ingress in
                try await ingress.readiness("ready") { $0.isReady }
                try await server.jetStream("STREAM.DELETE.WHATSAPP_IN")
                try await server.makeStream(#"{"name":"ARCHIVE","subjects":["whatsapp.>"]}"#)
                try await ingress.readiness("the problem", within: .seconds(10)) {
                    $0.reasons["stream WHATSAPP_IN"]?.contains("ARCHIVE") == true
                }
            }
        }
    }

    @Test
    func `NATS away is overlooked until its last answer is five seconds old, then named, and comes back by itself`()
        async throws
    {
        try await NATSServer.running { server in
            try await ProcessUnderTest.running(Self.product, nats: server.url) { ingress in
                try await ingress.readiness("ready") { $0.isReady }
                let before = ContinuousClock.now
                try await server.stop()
                let away = try await ingress.readiness("NATS away") { !$0.isReady }
                // Its last answer may have been up to 2 s old when it went, and that of a busy machine older.
                #expect(ContinuousClock.now - before >= .seconds(2))
                #expect(away.reasons["nats"] == "waiting for NATS at 127.0.0.1:\(server.port)")
                #expect(away.reasons["stream WHATSAPP_IN"] == away.reasons["nats"])
                #expect(away.reasons["listener"] == nil)
                try await ingress.notices.waitForNotice("the status") { $0.status == away.reasons["nats"] }
                try await server.restart()
                try await ingress.readiness("ready again") { $0.isReady }
            }
        }
    }

    @Test func `A server that stands still is noticed once its last answer is five seconds old`() async throws {
        try await NATSServer.running { server in
            try await ProcessUnderTest.running(Self.product, nats: server.url) { ingress in
                try await ingress.noticesStandstill(of: server) { $0.reasons["nats"] != nil }
            }
        }
    }

    @Test func `A stream that is full is named while it refuses events`() async throws {
        try await NATSServer.running { server in
            try await server.makeStream(
                #"{"name":"WHATSAPP_IN","subjects":[\#(Self.subjects)],"discard":"new","max_msgs":1,"duplicate_window":\#(Self.hour)}"#
            )
            let port = try FreePort.find()
            try await ProcessUnderTest.running(Self.product, nats: server.url, ["PORT": "\(port)"]) { ingress in
                try await ingress.readiness("ready") { $0.isReady }
                let body = Array(
                    """
                    {"object":"whatsapp_business_account","entry":[{"id":"2","changes":[{"field":"messages","value":{\
                    "metadata":{"phone_number_id":"1"},"messages":[{"id":"wamid.1","type":"text"}]}}]}]}
                    """.utf8)
                let headers = [
                    (WebhookSignature.headerName, WebhookSignature.headerValue(of: body, secret: "secret"))
                ]
                let url = "http://127.0.0.1:\(port)/webhook"
                #expect(try await PlainHTTP.call("POST", url, headers: headers, body: body).status == 503)
                let full = try await ingress.readiness("the problem") { !$0.isReady }
                #expect(full.reasons["stream WHATSAPP_IN"]?.contains("WHATSAPP_IN refuses events: ") == true)
                #expect(full.reasons.count == 1)
                try await ingress.readiness("ready, since nothing is refused any more") { $0.isReady }
            }
        }
    }

    @Test func `Without JetStream the ingress says what to do`() async throws {
        try await NATSServer.running(.with { $0.jetStream = false }) { server in
            try await ProcessUnderTest.running(Self.product, nats: server.url) { ingress in
                try await ingress.readiness("the way out") {
                    $0.reasons["stream WHATSAPP_IN"]?.contains("INGRESS_DELIVERY=core") == true
                }
            }
            try await ProcessUnderTest.running(Self.product, nats: server.url, ["INGRESS_DELIVERY": "core"]) {
                ingress in
                let ready = try await ingress.readiness("ready") { $0.isReady }
                #expect(ready.names == ["listener", "nats"])
            }
        }
    }

    @Test func `An admin address in use does not keep the ingress from serving`() async throws {
        try await NATSServer.running { server in
            try await ProcessUnderTest.running(Self.product, nats: server.url) { first in
                try await first.readiness("ready") { $0.isReady }
                let address = ["INGRESS_ADMIN": "unix:\(first.admin)"]
                try await ProcessUnderTest.running(Self.product, nats: server.url, address) { second in
                    try await second.notices.waitForNotice("READY=1") { $0.isReady }
                    try await second.process.standardError.waitForLine {
                        $0.contains("level=error") && $0.contains("in use by another process")
                    }
                }
                // The second has not taken the first one's socket away.
                #expect(try await first.readiness().isReady)
            }
        }
    }
}
