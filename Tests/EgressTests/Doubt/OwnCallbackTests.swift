import TestSupport
import Testing

@testable import Egress

@Suite struct OwnCallbackTests {
    @Test func `It is wa1 and 128 bits in lower-case hex, and reads itself back`() throws {
        var random = Seed.forTest().generator
        for _ in 0..<1000 {
            let callback = OwnCallback.random(using: &random)
            #expect(callback.text.utf8.count == 36)
            #expect(callback.text.hasPrefix("wa1:"))
            #expect(callback.text.dropFirst(4).allSatisfy { "0123456789abcdef".contains($0) })
            #expect(OwnCallback(callback.text) == callback)
        }
    }

    @Test(
        arguments: [
            "", "wa1:", "wa1:0123456789abcdef0123456789abcde", "wa1:0123456789abcdef0123456789abcdef0",
            "WA1:0123456789abcdef0123456789abcdef", "wa1:0123456789ABCDEF0123456789ABCDEF",
            "wa2:0123456789abcdef0123456789abcdef", "wa1:0123456789abcdef0123456789abcdeg", "order-17",
            "wa1:0123456789abcdef0123456789abcd\u{e9}",
        ])
    func `A value of somebody else's is none`(_ text: String) {
        #expect(OwnCallback(text) == nil)
    }

    @Test func `A status event that carries one is recognised, any other is not`() throws {
        let callback = try #require(OwnCallback("wa1:00000000000000010000000000000002"))
        func status(_ value: String) -> [UInt8] {
            Array(#"{"id":"wamid.x","status":"sent","biz_opaque_callback_data":\#(value)}"#.utf8)
        }
        #expect(OwnCallback(ofStatus: status(#""\#(callback.text)""#)) == callback)
        for other in [#""order-17""#, "null", "17", #"{"wa1":1}"#] {
            #expect(OwnCallback(ofStatus: status(other)) == nil)
        }
        #expect(OwnCallback(ofStatus: Array(#"{"id":"wamid.x"}"#.utf8)) == nil)
        #expect(OwnCallback(ofStatus: [0xFF, 0x00]) == nil)
    }
}
