import GraphSimulator
import JSONBytes
import TestSupport
import Testing

/// The ingress is played by a second simulator, which answers as scripted and records what is posted.
@Suite struct SimulatorWebhooksTests {
    private static let secret = "an-app-secret"

    /// Runs a simulator that posts to an ingress which gives these answers, then 200 for ever.
    private func running(
        statuses: StatusPlan = .none, ingressAnswers: [ScriptedAnswer] = [],
        retries: WebhookRetries = WebhookRetries(attempts: 4, firstWait: .milliseconds(5)),
        _ body: (SimulatorBench, GraphSimulator) async throws -> Void
    ) async throws {
        try await GraphSimulator.running(SimulatorConfiguration(accounts: [], seed: Seed(2))) { ingress in
            ingress.script(
                ingressAnswers + Array(repeating: ScriptedAnswer(GraphAnswer(status: 200, body: [])), count: 100))
            let target = try #require(
                WebhookTarget(url: "\(ingress.url)/webhook", appSecret: Self.secret, retries: retries))
            try await SimulatorBench.running(webhooks: target, statuses: statuses) { try await body($0, ingress) }
        }
    }

    @Test func `Sent, delivered and read follow an accepted message, signed, with its callback data`() async throws {
        let plan = StatusPlan(sent: .zero, delivered: .milliseconds(30), read: .milliseconds(60))
        try await self.running(statuses: plan) { bench, ingress in
            _ = try await bench.call(
                #"{"messaging_product":"whatsapp","to":"447700900123","biz_opaque_callback_data":"a/ö","#
                    + #""type":"text","text":{"body":"hi"}}"#)
            let posts = try await ingress.waitForRequests(3)
            let id = try #require(bench.simulator.accepted.first?.id)
            let statuses = try posts.map {
                try JSONTree($0.body)["entry"]?[0]?["changes"]?[0]?["value"]?["statuses"]?[0]
            }
            #expect(statuses.map { $0?["status"]?.string } == ["sent", "delivered", "read"])
            for status in statuses {
                #expect(status?["id"]?.string == id && status?["recipient_id"]?.string == "447700900123")
                #expect(status?["biz_opaque_callback_data"]?.string == "a/ö")
                #expect(status?["timestamp"]?.string.flatMap { Int($0) } ?? 0 > 1_700_000_000)
            }
            for post in posts {
                #expect(post.method == "POST" && post.target == "/webhook")
                #expect(post[header: "Content-Type"] == "application/json")
                #expect(
                    post[header: "X-Hub-Signature-256"]
                        == WebhookSignature.headerValue(of: post.body, secret: Self.secret))
                #expect(post.text.contains(#""biz_opaque_callback_data":"a\/\u00f6""#))
            }
            try await bench.simulator.wait(for: "all delivered") { $0.webhooks.delivered == 3 }
            #expect(bench.simulator.stats.webhooks.retried == 0 && bench.simulator.stats.webhooks.pending == 0)
        }
    }

    @Test func `A failing share of messages gets failed with the code that is set`() async throws {
        let plan = StatusPlan(
            sent: nil, delivered: .zero, read: .milliseconds(1), failureRate: 1, failureCode: 131049)
        try await self.running(statuses: plan) { bench, ingress in
            _ = try await bench.call()
            let post = try #require(try await ingress.waitForRequests(1).first)
            let status = try JSONTree(post.body)["entry"]?[0]?["changes"]?[0]?["value"]?["statuses"]?[0]
            #expect(status?["status"]?.string == "failed" && status?["errors"]?[0]?["code"]?.int == 131049)
            try await bench.simulator.wait(for: "delivered") { $0.webhooks.delivered == 1 }
            #expect(bench.simulator.stats.webhooks.pending == 0)
        }
    }

    @Test func `A refused message is followed by nothing`() async throws {
        try await self.running(statuses: StatusPlan(sent: .zero, delivered: nil, read: nil)) { bench, ingress in
            _ = try await bench.call("{}")
            _ = try await bench.call()
            let posts = try await ingress.waitForRequests(1)
            #expect(posts.count == 1 && bench.simulator.stats.webhooks.posted == 1)
        }
    }

    @Test func `What is not answered 200 is posted again, the same bytes, until it is`() async throws {
        let answers = [
            ScriptedAnswer(GraphAnswer(status: 503, body: [])), ScriptedAnswer(disturbance: .close),
            ScriptedAnswer(GraphAnswer(status: 204, body: [])),
        ]
        try await self.running(ingressAnswers: answers) { bench, ingress in
            let posted = try await bench.simulator.postInbound("hi", from: "447700900123", to: "106540352242922")
            #expect(posted.status == 503)
            let posts = try await ingress.waitForRequests(4)
            #expect(posts.map(\.body) == Array(repeating: posted.body, count: 4))
            try await bench.simulator.wait(for: "delivered") { $0.webhooks.delivered == 1 }
            #expect(bench.simulator.stats.webhooks.retried == 3)
        }
    }

    @Test func `Retries come to an end`() async throws {
        let answers = Array(repeating: ScriptedAnswer(GraphAnswer(status: 500, body: [])), count: 4)
        try await self.running(ingressAnswers: answers) { bench, ingress in
            #expect(try await bench.simulator.postWebhook(Array("{}".utf8)) == 500)
            try await bench.simulator.wait(for: "given up") { $0.webhooks.givenUp == 1 && $0.webhooks.pending == 0 }
            #expect(ingress.stats.received == 4)
        }
    }

    @Test func `An ingress that is away gets the webhook when it is back`() async throws {
        let port = try FreePort.find()
        let target = try #require(
            WebhookTarget(
                url: "http://127.0.0.1:\(port)/webhook", appSecret: Self.secret,
                retries: WebhookRetries(attempts: 1_000, firstWait: .milliseconds(5), longestWait: .milliseconds(20))))
        try await SimulatorBench.running(webhooks: target) { bench in
            let posted = try await bench.simulator.postInbound("hi", from: "447700900123", to: "106540352242922")
            #expect(posted.status == nil)
            var configuration = SimulatorConfiguration(accounts: [], seed: Seed(2))
            configuration.port = port
            try await GraphSimulator.running(configuration) { ingress in
                ingress.script(Array(repeating: ScriptedAnswer(GraphAnswer(status: 200, body: [])), count: 10))
                #expect(try await ingress.waitForRequests(1).first?.body == posted.body)
                try await bench.simulator.wait(for: "delivered") { $0.webhooks.delivered == 1 }
            }
        }
    }

    @Test func `An inbound message is posted over HTTP in Meta's wire style`() async throws {
        try await self.running { bench, ingress in
            let reply = try await bench.control(
                "POST", "inbound",
                #"{"account":"my_account","from":"447700900123","text":"Да/нет \"x\"","name":"Ünal"}"#)
            #expect(reply.status == 200)
            #expect(try reply.json["ingress_status"]?.int == 200)
            let post = try #require(try await ingress.waitForRequests(1).first)
            #expect(post.text.contains(#""text":{"body":"\u0414\u0430\/\u043d\u0435\u0442 \"x\""}"#))
            let document = try JSONDocument(validating: post.body)
            let value = try JSONTree(document.bytes)["entry"]?[0]?["changes"]?[0]?["value"]
            #expect(value?["metadata"]?["phone_number_id"]?.string == "106540352242922")
            #expect(value?["contacts"]?[0]?["profile"]?["name"]?.string == "Ünal")
            #expect(value?["messages"]?[0]?["id"] == (try reply.json["id"]))
        }
    }

    @Test func `Without an ingress or an account an inbound message is refused`() async throws {
        let body = #"{"phone_number_id":"1","from":"2","text":"x"}"#
        try await SimulatorBench.running { bench async throws in
            #expect(try await bench.control("POST", "inbound", body).status == 400)
        }
        try await self.running { bench, _ async throws in
            #expect(try await bench.control("POST", "inbound", body).status == 400)
            #expect(try await bench.control("POST", "inbound", "{}").status == 400)
        }
    }
}
