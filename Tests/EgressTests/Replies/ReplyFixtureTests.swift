import JSONBytes
import Testing

@testable import Egress

/// Answers of the fixtures, from what Graph says to the reply and the error event.
@Suite struct ReplyFixtureTests {
    @Test(arguments: OutboundFixture.all(expecting: "sent"))
    func `A request that was sent is answered with Graph's answer and no headers`(_ fixture: OutboundFixture) throws {
        let answer = try #require(fixture.answers.first)
        let verdict = CallResult(.answered(answer))
        #expect(verdict == .sent(answer))
        #expect(verdict.failure == nil)
        #expect(Reply(verdict).payload == answer.body)
        #expect(Reply(verdict).headers.isEmpty)
    }

    @Test(arguments: OutboundFixture.all(expecting: "graph_error").filter { $0["graph_response"]?["body"] != nil })
    func `A refusal is answered with Graph's answer, its status and its message`(_ fixture: OutboundFixture) throws {
        let answers = fixture.answers
        #expect(!answers.isEmpty)
        for answer in answers {
            let verdict = CallResult(.answered(answer))
            let reply = Reply(verdict)
            #expect(reply.payload == answer.body)
            #expect(reply.header("Nats-Service-Error-Code") == String(answer.status))
            let message = try #require(fixture["final_error_event"]?["json"]?["message"]?.string)
            #expect(reply.header("Nats-Service-Error") == message)
            try expectEvent(verdict, fixture)
        }
    }

    @Test(arguments: OutboundFixture.all(expecting: "graph_error").filter { $0["graph_response"]?["body_raw"] != nil })
    func `A 5xx without a Graph body may have been sent`(_ fixture: OutboundFixture) throws {
        let answer = try #require(fixture.answers.first)
        let verdict = CallResult(.answered(answer))
        guard case .unknown(_, answer) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        try expectUnavailable(verdict, code: 504)
        try expectEvent(verdict, fixture)
    }

    @Test(arguments: OutboundFixture.all(expecting: "transport_error"))
    func `A fault before writing is a 503, one after it a 504`(_ fixture: OutboundFixture) throws {
        let verdict = CallResult(try #require(fixture.fault))
        try expectUnavailable(verdict, code: fixture.text("class") == "transport_before_send" ? 503 : 504)
        try expectEvent(verdict, fixture)
    }

    @Test(arguments: OutboundFixture.all(expecting: "client_error"))
    func `A client error is answered with InvalidRequest and told with the payload`(_ fixture: OutboundFixture) throws {
        let error = try #require(throws: ClientError.self) { try fixture.call() }
        let reply = Reply(.invalid(error))
        let told = try #require(try JSONTree(reply.payload)["error"])
        #expect(told["type"] == .string(Array("InvalidRequest".utf8)))
        #expect(told["code"] == .number(400))
        #expect(told["message"] == .string(Array(error.message.utf8)))
        #expect(reply.header("Nats-Service-Error-Code") == "400")

        let event = ErrorEvent(action: fixture.action, payload: fixture.payload, call: nil, .invalid(error))
        let payload = (try? JSONTree(fixture.payload)) ?? .string(fixture.payload)
        #expect(try JSONTree(event.json(atMost: 1 << 20))["request"] == payload)
    }

    private func expectUnavailable(_ verdict: CallResult, code: Int) throws {
        let reply = Reply(verdict)
        let error = try #require(try JSONTree(reply.payload)["error"])
        #expect(error["type"] == .string(Array("GraphUnavailable".utf8)))
        #expect(error["code"] == .number(Double(code)))
        #expect(reply.header("Nats-Service-Error-Code") == String(code))
        #expect(reply.header("Nats-Service-Error")?.isEmpty == false)
    }

    /// Compares the error event with the fixture's, or its members where the fixture names these alone.
    private func expectEvent(_ verdict: CallResult, _ fixture: OutboundFixture) throws {
        let expected = try #require(fixture["final_error_event"])
        let call = try fixture.call()
        let failure = try #require(verdict.failure)
        let event = ErrorEvent(action: fixture.action, payload: fixture.payload, call: call, failure)
        var json = try JSONTree(event.json(atMost: 1 << 20))
        if let names = expected["json_members"] {
            guard case .object(let members) = json else {
                Issue.record("the event is no object")
                return
            }
            #expect(Set(members.keys) == Set(names.elements.compactMap(\.string)))
        } else {
            var wanted = JSONTree(try #require(expected["json"]))
            json["request"] = json["request"]?.normalised
            wanted["request"] = wanted["request"]?.normalised
            #expect(json == wanted)
        }
    }
}

extension Reply {
    /// The value of a header, or `nil` without one.
    func header(_ name: String) -> String? {
        self.headers.first { $0.0 == name }?.1
    }
}
