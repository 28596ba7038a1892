import Settings
import Testing

@testable import Egress

/// Graph quotes tokens it cannot read; nobody else gets to see them.
@Suite struct RedactionTests {
    private static let token = "EAAGEAAGsecret|1"
    private static let answer = GraphAnswer(
        status: 401,
        body: Array(
            #"{"error":{"message":"Malformed access token EAAG\#(token)","code":190,"x":"\#(token)\#(token)"}}"#.utf8))

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `The token is in no reply, header or event`() throws {
        let result = CallResult(.answered(Self.answer), of: .sendMessage, token: Secret(Self.token))
        let reply = Reply(result)
        #expect(
            Self.text(reply.payload)
                == #"{"error":{"message":"Malformed access token EAAG<redacted>","code":190,"#
                + #""x":"<redacted><redacted>"}}"#)
        #expect(reply.header("Nats-Service-Error") == "Malformed access token EAAG<redacted>")
        let failure = try #require(result.failure)
        let event = ErrorEvent(action: "sendMessage", payload: [], call: nil, failure)
        #expect(!Self.text(event.json(atMost: 1000)).contains(Self.token))
    }

    @Test func `A raw call gets Graph's answer as it is, its header and event do not`() throws {
        let reply = Reply(CallResult(.answered(Self.answer), of: .raw, token: Secret(Self.token)))
        #expect(reply.payload == Self.answer.body)
        #expect(reply.header("Nats-Service-Error") == "Malformed access token EAAG<redacted>")
    }

    @Test(arguments: ["", "t", "message", "EAAGEAAGsecret|2"])
    func `An answer without the token stays as it is, and so does one that has a word too short for a token`(
        _ token: String
    ) {
        #expect(Self.answer.redacting(Secret(token)) == Self.answer)
    }
}
