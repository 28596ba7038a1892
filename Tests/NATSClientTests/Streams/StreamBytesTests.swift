import Foundation
import JSONBytes
import TestSupport
import Testing

@testable import NATSClient

struct Base64Tests {
    @Test func `Bytes of every length come back`() {
        let seed = Seed.forTest()
        var generator = seed.generator
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let text = Array(Data(bytes).base64EncodedString().utf8)
            #expect(Base64.decode(text[...]) == bytes)
        }
    }

    @Test(arguments: [
        "A", "AA", "AAA", "A===", "====", "AB==", "AAB=", "AA=A", "AA-_", "AA A", "AAAA\n", "=AAA", "AA==AAAA",
    ])
    func `What is no base64 is refused`(text: String) {
        #expect(Base64.decode(Array(text.utf8)[...]) == nil)
    }
}

struct HeaderBlockTests {
    @Test func `Lines are read in their order, without the blanks around values`() {
        let block = "NATS/1.0\r\nA: 1\r\nb:2\r\nA:\t x: y \r\nEmpty:\r\n\r\n"
        #expect(
            HeaderBlock.read(Array(block.utf8)) == [
                NATSHeader("A", "1"), NATSHeader("b", "2"), NATSHeader("A", "x: y"), NATSHeader("Empty", ""),
            ])
    }

    @Test(arguments: ["NATS/1.0\r\n\r\n", "NATS/1.0 503\r\n\r\n"])
    func `A block may hold no header`(block: String) {
        #expect(HeaderBlock.read(Array(block.utf8)) == [])
    }

    @Test(arguments: [
        "", "\r\n", "NATS", "NATS/1.0", "NATS/1.0\r\n", "HTTP/1.1\r\n\r\n", "NATS/1.0\r\nA: 1\r\n",
        "NATS/1.0\r\nA 1\r\n\r\n",
        "NATS/1.0\r\n: 1\r\n\r\n", "NATS/1.0\r\n A: 1\r\n\r\n", "NATS/1.0\nA: 1\n\n",
        "NATS/1.0\r\nA: 1\r\n\r\nB: 2\r\n\r\n",
        "NATS/1.0\r\nA: 1\r\n\r\nx",
    ])
    func `Anything else is unreadable`(block: String) {
        #expect(HeaderBlock.read(Array(block.utf8)) == nil)
    }

    @Test func `Random bytes are read or refused, and nothing else happens`() {
        let seed = Seed.forTest()
        var generator = seed.generator
        let letters = Array("NATS/1.0\r\n: \t\u{0}aé".utf8)
        for _ in 0..<5000 {
            let tail = (0..<Int.random(in: 0..<30, using: &generator)).map { _ in
                letters.randomElement(using: &generator) ?? 0
            }
            let headers = HeaderBlock.read(Array("NATS/1.0\r\n".utf8) + tail)
            #expect(headers?.contains { $0.name.isEmpty } != true)
        }
    }
}

struct StreamMessageTests {
    @Test func `A message is read from JetStream's JSON`() throws {
        let headers = Data("NATS/1.0\r\nNats-Msg-Id: a\r\n\r\n".utf8).base64EncodedString()
        let message = try #require(
            try read(
                #"{"subject":"a.b","seq":7,"hdrs":"\#(headers)","data":"AAEC","time":"2026-01-31T08:30:00.5Z"}"#))
        #expect(
            message
                == StreamMessage(
                    sequence: 7, subject: "a.b", headers: [NATSHeader("Nats-Msg-Id", "a")], payload: [0, 1, 2],
                    storedAt: StreamTime(nanoseconds: 1_769_848_200_500_000_000)))
        #expect(message.header("Nats-Msg-Id") == "a")
        #expect(message.header("nats-msg-id") == nil)
    }

    @Test func `A message may lack headers and payload, and base64 may be written with escapes`() throws {
        let bare = try read(#"{"subject":"a","seq":1,"time":"2026-01-31T08:30:00Z"}"#)
        #expect(bare?.payload == [])
        #expect(bare?.headers == [])
        #expect(bare?.hasUnreadableHeaders == false)
        let escaped = try read(#"{"subject":"a","seq":1,"data":"\/\/\u002f\u002f","time":"2026-01-31T08:30:00Z"}"#)
        #expect(escaped?.payload == [0xFF, 0xFF, 0xFF])
    }

    @Test(arguments: ["%%%", "AAAA", "TkFUUy8xLjANCg=="])
    func `Headers that cannot be read are told as that`(base64: String) throws {
        let message = try read(#"{"subject":"a","seq":1,"hdrs":"\#(base64)","time":"2026-01-31T08:30:00Z"}"#)
        #expect(message?.hasUnreadableHeaders == true)
        #expect(message?.headers == [])
    }

    @Test(arguments: [
        "{}", "[]", "null", #"{"seq":1,"time":"2026-01-31T08:30:00Z"}"#,
        #"{"subject":"a","time":"2026-01-31T08:30:00Z"}"#,
        #"{"subject":"a","seq":-1,"time":"2026-01-31T08:30:00Z"}"#, #"{"subject":"a","seq":1,"time":"yesterday"}"#,
        #"{"subject":"a","seq":1e3,"time":"2026-01-31T08:30:00Z"}"#,
        #"{"subject":"a","seq":1,"data":"*","time":"2026-01-31T08:30:00Z"}"#,
        #"{"subject":"a","seq":1,"data":7,"time":"2026-01-31T08:30:00Z"}"#,
    ])
    func `What is no message is refused`(json: String) throws {
        #expect(try read(json) == nil)
    }

    private func read(_ json: String) throws -> StreamMessage? {
        StreamMessage(try JSONDocument(validating: Array(json.utf8)).root)
    }
}
