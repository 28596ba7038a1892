import JSONBytes
import TestSupport
import Testing

@testable import Egress

/// The table 'Replies on the request lane', as far as no fixture shows it.
@Suite struct ReplyTests {
    private static func text(_ reply: Reply) -> String { String(decoding: reply.payload, as: UTF8.self) }

    private static func answered(_ status: Int, _ body: String) -> Reply {
        Reply(CallResult(.answered(GraphAnswer(status: status, body: Array(body.utf8)))))
    }

    @Test(arguments: ["", "<html>", #"{ "messages" : [] }"#, "\u{FEFF}{}"])
    func `A 200 is passed on byte for byte, JSON or not`(_ body: String) {
        #expect(Self.text(Self.answered(200, body)) == body)
        #expect(Self.answered(200, body).headers.isEmpty)
    }

    @Test func `A refusal with status 200 has 502 in its header`() {
        let body = #"{"error": {"message":"(#100) нет","code":100}}"#
        let reply = Self.answered(200, body)
        #expect(Self.text(reply) == body)
        #expect(reply.header("Nats-Service-Error-Code") == "502")
        #expect(reply.header("Nats-Service-Error") == "(#100) %D0%BD%D0%B5%D1%82")
    }

    @Test func `A message in a header is one line of at most 512 bytes`() throws {
        let reply = Self.answered(400, #"{"error":{"message":"a\r\nb: \#(String(repeating: "ы", count: 5000))"}}"#)
        let value = try #require(reply.header("Nats-Service-Error"))
        #expect(value.hasPrefix("a%0D%0Ab: %D1%8B"))
        #expect(value.utf8.count <= 512)
    }

    @Test func `A refusal without a message has a header all the same`() {
        #expect(Self.answered(400, #"{"error":{"code":5}}"#).header("Nats-Service-Error")?.isEmpty == false)
        #expect(Self.answered(400, #"{"error":{"message":""}}"#).header("Nats-Service-Error")?.isEmpty == false)
    }

    @Test(arguments: [302, 401, 404, 429])
    func `A refusal without an error object gets one`(_ status: Int) {
        let reply = Self.answered(status, "<html>")
        #expect(
            Self.text(reply)
                == #"{"error":{"message":"the Graph API refused with HTTP status \#(status) and no error object","#
                + #""type":"GraphRefused","code":\#(status)}}"#)
        #expect(reply.header("Nats-Service-Error-Code") == String(status))
    }

    @Test(arguments: [
        (Failure.invalid(ClientError("text is missing")), 400, "InvalidRequest"),
        (.unreached("connection refused"), 503, "GraphUnavailable"),
        (.unknown("timed out"), 504, "GraphUnavailable"),
        (.overloaded(waiting: 1024), 429, "Overloaded"),
        (.replyTooLarge(bytes: 5, limit: 4), 502, "ReplyTooLarge"),
        (.inProgress, 409, "InProgress"),
    ])
    func `A failure of the gateway's own has its code, its type and both headers`(
        _ failure: Failure, _ code: Int, _ type: String
    ) throws {
        let reply = Reply(failure)
        let error = try #require(try JSONTree(reply.payload)["error"])
        #expect(error["code"] == .number(Double(code)))
        #expect(error["type"] == .string(type))
        #expect(error["message"] == .string(failure.message))
        #expect(reply.header("Nats-Service-Error-Code") == String(code))
        #expect(reply.header("Nats-Service-Error") == failure.message)
    }

    @Test func `An answer over max_payload is ReplyTooLarge, one just within it is not`() {
        let body = #"{"messages":["\#(String(repeating: "x", count: 1000))"]}"#
        let reply = Self.answered(200, body)
        #expect(reply.fitting(maxPayload: body.utf8.count) == reply)
        let tooLarge = reply.fitting(maxPayload: body.utf8.count - 1)
        #expect(tooLarge.failure == .replyTooLarge(bytes: body.utf8.count, limit: body.utf8.count - 1))
        #expect(tooLarge.header("Nats-Service-Error-Code") == "502")
    }

    @Test func `Headers count against max_payload`() {
        let body = #"{"error":{"message":"m","x":"\#(String(repeating: "x", count: 1000))"}}"#
        let reply = Self.answered(400, body)
        let block = "NATS/1.0\r\nNats-Service-Error-Code: 400\r\nNats-Service-Error: m\r\n\r\n"
        let size = body.utf8.count + block.utf8.count
        #expect(reply.fitting(maxPayload: size) == reply)
        #expect(reply.fitting(maxPayload: size - 1).failure?.type == "ReplyTooLarge")
    }
}
