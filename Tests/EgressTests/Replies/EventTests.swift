import TestSupport
import Testing

@testable import Egress

/// `whatsapp.<name>.error` and `whatsapp.<name>.sent`.
@Suite struct EventTests {
    private static let job = JobRecord(id: "my_account:1", attempts: 3)
    private static let failure = Failure.invalid(ClientError("text is missing"))

    private static func text(_ event: [UInt8]) -> String { String(decoding: event, as: UTF8.self) }

    @Test func `A request that failed is told with the payload as it was`() {
        let event = ErrorEvent(action: "sendMessage", payload: Array(#" {"to": 1.0} "#.utf8), call: nil, Self.failure)
        #expect(
            Self.text(event.json(atMost: 1000))
                == #"{"action":"sendMessage","code":400,"message":"text is missing","type":"InvalidRequest","#
                + #""request":{"to": 1.0}}"#)
    }

    @Test func `A call that failed is told with the body for Graph`() throws {
        let payload = #"{"message_id":"m","x":1}"#
        let event = ErrorEvent(
            action: "markRead", payload: Array(payload.utf8), call: try call("markRead", payload), .unknown("reset"))
        let body = #"{"messaging_product":"whatsapp","status":"read","message_id":"m"}"#
        #expect(Self.text(event.json(atMost: 1000)).hasSuffix(#","request":\#(body)}"#))
        #expect(Self.text(event.json(atMost: 1000)).hasPrefix(#"{"action":"markRead","code":504,"#))
    }

    @Test func `A call without a body is told with the payload`() throws {
        let payload = #"{"method":"GET","path":"5"}"#
        let event = ErrorEvent(
            action: "raw", payload: Array(payload.utf8), call: try call("raw", payload), .unreached("refused"))
        #expect(Self.text(event.json(atMost: 1000)).hasSuffix(#","request":\#(payload)}"#))
    }

    @Test(arguments: [
        (Array("to=1&\"x\"\n".utf8), #""to=1&\"x\"\n""#),
        ([UInt8(ascii: "a"), 0xFF], "\"a\u{FFFD}\""),
        ([], #""""#),
    ])
    func `A payload that is no JSON is told as a string`(_ payload: [UInt8], _ request: String) {
        let event = ErrorEvent(action: "sendMessage", payload: payload, call: nil, Self.failure)
        #expect(Self.text(event.json(atMost: 1000)).hasSuffix(#""request":\#(request)}"#))
    }

    @Test func `A job that failed is told with its id and its attempts, as final`() {
        let event = ErrorEvent(action: "raw", payload: Array("5".utf8), call: nil, Self.failure, job: Self.job)
        #expect(
            Self.text(event.json(atMost: 1000))
                == #"{"action":"raw","code":400,"message":"text is missing","type":"InvalidRequest","#
                + #""job_id":"my_account:1","attempts":3,"final":true,"request":5}"#)
    }

    @Test func `A lane that pauses says so without a request, as not final`() throws {
        let error = try #require(GraphError(in: Array(#"{"error":{"code":"190","message":"m","type":"T"}}"#.utf8)))
        let event = ErrorEvent(pausedBy: .refused(error, status: 401), action: "sendMessage")
        #expect(
            Self.text(event.json(atMost: 1000))
                == #"{"action":"sendMessage","code":190,"message":"m","type":"T","final":false}"#)
    }

    @Test func `Graph's gaps in an error are filled`() throws {
        let error = try #require(GraphError(in: Array(#"{"error":{}}"#.utf8)))
        let event = ErrorEvent(action: "raw", payload: [], call: nil, .refused(error, status: 200))
        let json = try JSONTree(event.json(atMost: 1000))
        #expect(json["code"] == .number(502))
        #expect(json["type"] == .string("GraphRefused"))
        #expect(json["message"] == .string("the Graph API refused with code unknown"))
    }

    @Test func `What does not fit leaves the request out and says so`() {
        let payload = Array(#"{"text":"\#(String(repeating: "x", count: 1000))"}"#.utf8)
        let event = ErrorEvent(action: "sendMessage", payload: payload, call: nil, Self.failure)
        let whole = event.json(atMost: 2000)
        #expect(event.json(atMost: whole.count) == whole)
        #expect(
            Self.text(event.json(atMost: whole.count - 1))
                == #"{"action":"sendMessage","code":400,"message":"text is missing","type":"InvalidRequest","#
                + #""truncated":true}"#)
    }

    @Test func `An endless error message is cut where it alone would not fit`() throws {
        let long = String(repeating: "ы", count: 5000)
        let error = try #require(GraphError(in: Array(#"{"error":{"message":"\#(long)"}}"#.utf8)))
        let event = ErrorEvent(action: "raw", payload: Array("{}".utf8), call: nil, .refused(error, status: 400))
        #expect(event.json(atMost: 4096).count <= 4096)
        #expect(try JSONTree(event.json(atMost: 4096))["message"] == .string(String(long.prefix(512))))
    }

    @Test func `A job that was sent is told with Graph's answer, byte for byte`() {
        let answer = #"{"messages":[ {"id":"wamid.A"} ]}"#
        let event = SentEvent(action: .sendMessage, job: Self.job, callback: "wa1:00", response: Array(answer.utf8))
        #expect(
            Self.text(event.json(atMost: 1000))
                == #"{"action":"sendMessage","job_id":"my_account:1","attempts":3,"#
                + #""callback":"wa1:00","response":\#(answer)}"#
        )
        #expect(
            Self.text(event.json(atMost: 100))
                == #"{"action":"sendMessage","job_id":"my_account:1","attempts":3,"#
                + #""callback":"wa1:00","truncated":true}"#
        )
    }

    @Test func `A job without callback has null there, and an answer that is no JSON is a string`() {
        let event = SentEvent(action: .raw, job: Self.job, callback: nil, response: Array("<ok>".utf8))
        #expect(
            Self.text(event.json(atMost: 1000))
                == #"{"action":"raw","job_id":"my_account:1","attempts":3,"callback":null,"response":"<ok>"}"#)
    }
}
