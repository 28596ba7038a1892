import JSONBytes
import TestSupport
import Testing

@testable import Egress

/// Answers of the fixtures, from what Graph says to the reply and the error event.
@Suite struct ReplyFixtureTests {
    @Test(arguments: try OutboundFixture.all(expecting: .sent))
    func `A request that was sent is answered with Graph's answer and no headers`(_ fixture: OutboundFixture) throws {
        let answer = try #require(fixture.graphAnswers.first)
        let result = CallResult(.answered(answer))
        #expect(result == .sent(answer))
        #expect(result.failure == nil)
        #expect(Reply(result).payload == answer.body)
        #expect(Reply(result).headers.isEmpty)
    }

    @Test(arguments: try OutboundFixture.refused(with: "body"))
    func `A refusal is answered with Graph's answer, its status and its message`(_ fixture: OutboundFixture) throws {
        let answers = fixture.graphAnswers
        #expect(!answers.isEmpty)
        for answer in answers {
            let result = CallResult(.answered(answer))
            let reply = Reply(result)
            #expect(reply.payload == answer.body)
            #expect(reply.header("Nats-Service-Error-Code") == String(answer.status))
            let message = try #require(fixture["final_error_event"]?["json"]?["message"]?.string)
            #expect(reply.header("Nats-Service-Error") == message)
            try expectEvent(result, fixture)
        }
    }

    @Test(arguments: try OutboundFixture.refused(with: "body_raw"))
    func `A 5xx without a Graph body may have been sent`(_ fixture: OutboundFixture) throws {
        let answer = try #require(fixture.graphAnswers.first)
        let result = CallResult(.answered(answer))
        guard case .unknown(_, answer) = result else {
            Issue.record("\(result)")
            return
        }
        try expectUnavailable(result, code: 504)
        try expectEvent(result, fixture)
    }

    @Test(arguments: try OutboundFixture.all(expecting: .transportError))
    func `A fault before writing is a 503, one after it a 504`(_ fixture: OutboundFixture) throws {
        let result = CallResult(try #require(fixture.fault))
        try expectUnavailable(result, code: fixture.kind == "transport_before_send" ? 503 : 504)
        try expectEvent(result, fixture)
    }

    @Test(arguments: try OutboundFixture.all(expecting: .clientError))
    func `A client error is answered with InvalidRequest and told with the payload`(_ fixture: OutboundFixture) throws {
        let error = try #require(throws: ClientError.self) { try fixture.outboundCall() }
        let reply = Reply(.invalid(error))
        let told = try #require(try JSONTree(reply.payload)["error"])
        #expect(told["type"] == .string("InvalidRequest"))
        #expect(told["code"] == .number(400))
        #expect(told["message"] == .string(error.message))
        #expect(reply.header("Nats-Service-Error-Code") == "400")

        let event = ErrorEvent(action: fixture.action, payload: fixture.request, call: nil, .invalid(error))
        let payload = (try? JSONTree(fixture.request)) ?? .string(String(decoding: fixture.request, as: UTF8.self))
        #expect(try JSONTree(event.json(atMost: 1 << 20))["request"] == payload)
    }

    private func expectUnavailable(_ result: CallResult, code: Int) throws {
        let reply = Reply(result)
        let error = try #require(try JSONTree(reply.payload)["error"])
        #expect(error["type"] == .string("GraphUnavailable"))
        #expect(error["code"] == .number(Double(code)))
        #expect(reply.header("Nats-Service-Error-Code") == String(code))
        #expect(reply.header("Nats-Service-Error")?.isEmpty == false)
    }

    /// Compares the error event with the fixture's, or its members where the fixture names these alone.
    private func expectEvent(_ result: CallResult, _ fixture: OutboundFixture) throws {
        let expected = try #require(fixture["final_error_event"])
        let call = try fixture.outboundCall()
        let failure = try #require(result.failure)
        let event = ErrorEvent(action: fixture.action, payload: fixture.request, call: call, failure)
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
