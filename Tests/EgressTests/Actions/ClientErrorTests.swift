import Testing

@testable import Egress

/// Mistakes that are told at once, before a call is spent on them.
@Suite struct ClientErrorTests {
    @Test(arguments: [
        ("sendMessage", "", "the payload is empty: expected a JSON object"),
        ("sendMessage", "[]", "the payload is an array: expected a JSON object"),
        ("sendMessage", "{", "the payload is not JSON (malformed JSON at byte 1): expected a JSON object in UTF-8"),
        ("sendMessage", #"{"text":"t"}"#, "to is missing: expected a non-empty string, or recipient in its place"),
        ("sendMessage", #"{"to":"","text":"t"}"#, "to is empty: expected a non-empty string"),
        ("sendMessage", #"{"to":1,"text":"t"}"#, "to is a number: expected a non-empty string"),
        ("sendMessage", #"{"to":"1","recipient":"","text":"t"}"#, "recipient is empty: expected a non-empty string"),
        ("sendMessage", #"{"to":"1","text":""}"#, "text is empty: expected a non-empty string"),
        ("sendMessage", #"{"to":"1","text":null}"#, "text is missing: expected a non-empty string"),
        ("sendMessage", #"{"to":"1","text":{}}"#, "text is an object: expected a non-empty string"),
        (
            "sendMessage", #"{"to":"1","text":"t","preview_url":"true"}"#,
            "preview_url is a string: expected true or false"
        ),
        ("sendImage", #"{"to":"1"}"#, "neither media_id nor link is given: expected one of them, a non-empty string"),
        ("sendImage", #"{"to":"1","media_id":5}"#, "media_id is a number: expected a string"),
        ("sendImage", #"{"to":"1","media_id":"","link":""}"#, "link is empty: expected a non-empty string"),
        ("sendAudio", #"{"to":"1","link":"l","voice":1}"#, "voice is a number: expected true or false"),
        ("sendLocation", #"{"to":"1","latitude":"1","longitude":2}"#, "latitude is a string: expected a number"),
        ("sendLocation", #"{"to":"1","latitude":1,"longitude":null}"#, "longitude is missing: expected a number"),
        ("sendContact", #"{"to":"1","contacts":[]}"#, "contacts is empty: expected a non-empty array"),
        ("sendContact", #"{"to":"1","contacts":{}}"#, "contacts is an object: expected a non-empty array"),
        ("sendTemplate", #"{"to":"1","template":"t"}"#, "template is a string: expected an object"),
        ("sendInteractive", #"{"to":"1","interactive":[]}"#, "interactive is empty: expected an object"),
        ("sendReaction", #"{"to":"1","message_id":"m"}"#, "emoji is missing: expected a string"),
        ("sendReaction", #"{"to":"1","message_id":"m","emoji":false}"#, "emoji is a boolean: expected a string"),
        ("markRead", #"{"message_id":""}"#, "message_id is empty: expected a non-empty string"),
        ("typing", "{}", "message_id is missing: expected a non-empty string"),
        ("raw", #"{"body":null}"#, "body is missing: expected a JSON value, unless method is GET or DELETE"),
        ("raw", #"{"method":"PUT","body":1}"#, "method is none that is known: expected POST, GET or DELETE"),
        ("raw", #"{"method":"get"}"#, "method is none that is known: expected POST, GET or DELETE"),
        ("raw", #"{"body":1,"path":5}"#, "path is a number: expected a string"),
        ("raw", #"{"body":1,"query":"a=b"}"#, "query is a string: expected an object"),
        (
            "raw", #"{"body":1,"query":{"a":[]}}"#,
            "query has an array as a value: expected strings, numbers, true or false"
        ),
    ])
    func `A mistake names the member and what was expected`(_ action: String, _ payload: String, _ says: String) throws
    {
        let error = try #require(throws: ClientError.self) { try call(action, payload) }
        #expect(error.message == says)
    }

    @Test func `A payload that is no UTF-8, or nested too deep, is a client error`() throws {
        let latin = Array(#"{"to":"1","text":""#.utf8) + [0xE9] + Array(#""}"#.utf8)
        #expect(throws: ClientError.self) { try OutboundCall(action: "sendMessage", payload: latin, from: .mine) }
        let deep = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(throws: ClientError.self) { try call("raw", #"{"body":\#(deep)}"#) }
    }

    @Test func `Nothing is trimmed: blanks are a text`() throws {
        #expect(
            try body("sendMessage", #"{"to":" ","text":" "}"#).contains(#""to":" ","type":"text","text":{"body":" ""#))
    }

    @Test(arguments: ["", "sendmessage", "sendMesage", "out", String(repeating: "e\u{301}", count: 5000)])
    func `An unknown action is answered with the actions there are`(_ action: String) throws {
        let error = try #require(throws: ClientError.self) { try call(action, "{}") }
        for action in Action.allCases { #expect(error.message.contains(action.rawValue)) }
        #expect(error.message.utf8.count < 512)
    }

    @Test(arguments: ["uploadMedia", "getMedia", "downloadMedia", "deleteMedia"])
    func `A media action is said to be unavailable, whatever its payload`(_ action: String) throws {
        for payload: [UInt8] in [[], [0xFF, 0x00], Array(#"{"media_id":"1"}"#.utf8)] {
            let error = try #require(throws: ClientError.self) {
                try OutboundCall(action: action, payload: payload, from: .mine)
            }
            #expect(error.message == "\(action) is not available in this version")
        }
    }
}
