import GraphSimulator
import JSONBytes
import TestSupport
import Testing

@Suite struct GraphAnswersTests {
    @Test func `A message is accepted with Meta's answer, and its bytes are kept`() async throws {
        try await SimulatorBench.running { bench in
            let body = #"{"to":"+44 (7700) 900-123", "messaging_product":"whatsapp","text":{"body":"\u00e9"}}"#
            let reply = try await bench.call(body)
            #expect(reply.status == 200)
            let message = try #require(bench.simulator.accepted.first)
            #expect(message.id.hasPrefix("wamid."))
            #expect(message.type == "text" && message.text == "é" && message.to == "+44 (7700) 900-123")
            #expect(message.account == SimulatorBench.account && message.answered)
            let id = message.id.replacing("/", with: #"\/"#)
            #expect(
                reply.text == #"{"messaging_product":"whatsapp","contacts":[{"input":"+44 (7700) 900-123","#
                    + #""wa_id":"447700900123"}],"messages":[{"id":"\#(id)"}]}"#)
            let request = try #require(bench.simulator.requests.first)
            #expect(request.text == body && request.target == SimulatorBench.messages && request.method == "POST")
            #expect(request[header: "authorization"] == "Bearer token-a")
            #expect(request.outcome == .accepted(messageID: message.id))
        }
    }

    @Test func `A message to a business-scoped user ID is answered without a number`() async throws {
        try await SimulatorBench.running { bench in
            let reply = try await bench.call(
                #"{"messaging_product":"whatsapp","recipient":"GB.1349","type":"text","text":{"body":"hi"}}"#)
            let contact = try reply.json["contacts"]?[0]
            #expect(contact == .object(["input": .string("GB.1349"), "user_id": .string("GB.1349")]))
        }
    }

    @Test(arguments: [
        #"{"messaging_product":"whatsapp","status":"read","message_id":"wamid.TUlE"}"#,
        #"{"messaging_product":"whatsapp","status":"read","message_id":"w","typing_indicator":{"type":"text"}}"#,
    ])
    func `Marking as read succeeds and is no message`(body: String) async throws {
        try await SimulatorBench.running { bench in
            let reply = try await bench.call(body)
            #expect(reply.status == 200 && reply.text == #"{"success":true}"#)
            #expect(bench.simulator.stats.accepted == 0 && bench.simulator.stats.received == 1)
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var body: String? = SimulatorBench.hello
        var target = SimulatorBench.messages
        var method = "POST"
        var token: String? = "token-a"
        var contentType: String? = "application/json"
        let status: Int
        let code: Int
        var subcode: Int?
    }

    static let refusals: [Refusal] = [
        Refusal(testDescription: "no token", token: nil, status: 401, code: 190),
        Refusal(testDescription: "a wrong token", token: "token-c", status: 401, code: 190),
        Refusal(testDescription: "another account's token", token: "token-b", status: 400, code: 100, subcode: 33),
        Refusal(
            testDescription: "an unknown phone number ID", target: "/v21.0/1/messages", status: 400, code: 100,
            subcode: 33),
        Refusal(testDescription: "no version", target: "/106540352242922/messages", status: 400, code: 2500),
        Refusal(testDescription: "malformed JSON", body: #"{"messaging_product":"#, status: 400, code: 100),
        Refusal(testDescription: "a form", contentType: "application/x-www-form-urlencoded", status: 400, code: 100),
        Refusal(testDescription: "no content type", contentType: nil, status: 400, code: 100),
        Refusal(
            testDescription: "no messaging_product", body: #"{"to":"1","text":{"body":"x"}}"#, status: 400, code: 100),
        Refusal(
            testDescription: "no recipient", body: #"{"messaging_product":"whatsapp","text":{"body":"x"}}"#,
            status: 400, code: 131008),
        Refusal(
            testDescription: "no content", body: #"{"messaging_product":"whatsapp","to":"1","type":"image"}"#,
            status: 400, code: 131008),
        Refusal(
            testDescription: "an empty text",
            body: #"{"messaging_product":"whatsapp","to":"1","type":"text","text":{"body":""}}"#, status: 400,
            code: 131008),
        Refusal(
            testDescription: "an unknown type",
            body: #"{"messaging_product":"whatsapp","to":"1","type":"poll","poll":{}}"#, status: 400, code: 100),
        Refusal(
            testDescription: "a medium without id and link",
            body: #"{"messaging_product":"whatsapp","to":"1","type":"image","image":{}}"#, status: 400, code: 131008),
        Refusal(
            testDescription: "a place that is no number",
            body: #"""
                {"messaging_product":"whatsapp","to":"1","type":"location","location":{"latitude":{},"longitude":1}}
                """#, status: 400, code: 131009),
        Refusal(
            testDescription: "a read mark without a message",
            body: #"{"messaging_product":"whatsapp","status":"read"}"#, status: 400, code: 100),
        Refusal(
            testDescription: "an unknown object", body: nil, target: "/v21.0/555", method: "GET", status: 400,
            code: 100, subcode: 33),
        Refusal(
            testDescription: "an unknown field", body: nil, target: "/v21.0/106540352242922?fields=colour",
            method: "GET", status: 400, code: 100),
    ]

    @Test(arguments: refusals)
    func `What Graph refuses is refused in Meta's shape`(refusal: Refusal) async throws {
        try await SimulatorBench.running { bench in
            let reply = try await bench.call(
                refusal.body, target: refusal.target, method: refusal.method, token: refusal.token,
                contentType: refusal.contentType)
            #expect(reply.status == refusal.status)
            let error = try #require(try reply.json["error"])
            #expect(error["code"]?.int == refusal.code)
            #expect(error["error_subcode"]?.int == refusal.subcode)
            #expect(error["message"]?.string != nil && error["type"]?.string != nil)
            #expect(error["fbtrace_id"]?.string?.count == 23)
            #expect(bench.simulator.requests.first?.outcome == .refused(code: refusal.code))
            #expect(bench.simulator.stats.refused == 1 && bench.simulator.accepted.isEmpty)
        }
    }

    @Test(arguments: [
        ("GET", "/v21.0/106540352242922?fields=id", #"{"id":"106540352242922"}"#),
        (
            "GET", "/v21.0/106540352242922?fields=verified_name",
            #"{"verified_name":"my_account","id":"106540352242922"}"#
        ),
        ("GET", "/v21.0/106540352242922/whatsapp_business_profile?fields=about", #"{"data":[]}"#),
        ("POST", "/v21.0/106540352242922/register", #"{"success":true}"#),
        ("DELETE", "/v21.0/1234567890?phone_number_id=106540352242922", #"{"success":true}"#),
        ("DELETE", "/v21.0/106540352242922/block_users", #"{"success":true}"#),
    ])
    func `Other calls get an answer of Meta's kind`(method: String, target: String, answer: String) async throws {
        try await SimulatorBench.running { bench in
            let reply = try await bench.call(method == "POST" ? "{}" : nil, target: target, method: method)
            #expect(reply.status == 200 && reply.text == answer)
        }
    }

    @Test func `Every outbound fixture's body is accepted, and none is changed`() async throws {
        let fixtures = try OutboundFixture.all()
        try await SimulatorBench.running { bench in
            var count = 0
            for fixture in fixtures where fixture.outcome == .sent && fixture.call?.method == "POST" {
                guard let body = fixture.document.root["graph"]?["body"]?.bytes, let path = fixture.call?.path,
                    path.hasSuffix("/messages")
                else { continue }
                let text = String(decoding: body, as: UTF8.self)
                let token = path.contains(SimulatorBench.other.phoneNumberID) ? "token-b" : "token-a"
                let reply = try await bench.call(text, target: path, token: token)
                #expect(reply.status == 200, "\(fixture): \(reply.text)")
                count += 1
                #expect(bench.simulator.requests.last?.text == text)
            }
            #expect(count > 30)
        }
    }

    @Test func `The same seed gives the same IDs, another seed others`() async throws {
        func ids(seed: UInt64) async throws -> [String] {
            try await SimulatorBench.running(seed: Seed(seed)) { bench in
                for _ in 0..<3 { _ = try await bench.call() }
                return bench.simulator.accepted.map(\.id)
            }
        }
        let first = try await ids(seed: 7)
        #expect(Set(first).count == 3)
        #expect(try await ids(seed: 7) == first)
        #expect(try await ids(seed: 8) != first)
    }

    @Test func `A replaced token is refused, the new one is taken`() async throws {
        try await SimulatorBench.running { bench async throws in
            var account = SimulatorBench.account
            account.accessToken = "token-new"
            bench.simulator.setAccount(account)
            #expect(try await bench.call().graphCode == 190)
            #expect(try await bench.call(token: "token-new").status == 200)
        }
    }

    @Test func `Pipelined requests are answered in their order, on one connection`() async throws {
        try await SimulatorBench.running { bench in
            let connection = try await bench.connect()
            let targets = (1...20).map { "/v21.0/106540352242922/edge\($0)" }
            try await connection.send(targets.flatMap { SimulatorBench.request("{}", target: $0) })
            for _ in targets { #expect(try await connection.reply().status == 200) }
            #expect(bench.simulator.requests.map(\.target) == targets)
            #expect(Set(bench.simulator.requests.map(\.connection)).count == 1)
            #expect(bench.simulator.stats.connectionsOpened == 1)
        }
    }

    @Test func `A client that expects to be told to continue is told so`() async throws {
        try await SimulatorBench.running { bench in
            let connection = try await bench.connect()
            let request = String(decoding: SimulatorBench.request(), as: UTF8.self)
                .replacing("Host:", with: "Expect: 100-continue\r\nHost:", maxReplacements: 1)
            let bodyStart = try #require(request.firstRange(of: "\r\n\r\n")?.upperBound)
            try await connection.send(String(request[..<bodyStart]))
            #expect(try await connection.reply().status == 100)
            try await connection.send(String(request[bodyStart...]))
            #expect(try await connection.reply().status == 200)
        }
    }
}
