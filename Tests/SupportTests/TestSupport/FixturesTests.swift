import JSONBytes
import TestSupport
import Testing

@Suite struct FixturesTests {
    @Test func `Every inbound case loads, its signature is right, its payloads lie in its body`() throws {
        let fixtures = try InboundFixture.all()
        #expect(fixtures.count == 129)
        for fixture in fixtures {
            let signature = WebhookSignature.headerValue(of: fixture.body, secret: InboundFixture.appSecret)
            #expect(signature == fixture.signature, "\(fixture)")
            for publication in fixture.publications {
                #expect(publication.payload == Array(fixture.body[publication.range]))
                #expect((try? JSONDocument(validating: publication.payload)) != nil, "\(fixture)")
                #expect(!publication.subject.isEmpty && publication.sha256.count == 64)
            }
        }
        #expect(fixtures.flatMap(\.publications).count == 355)
    }

    @Test func `One inbound case can be had by its name`() throws {
        let fixture = try InboundFixture.named("text_simple")
        #expect(fixture.status == 200 && fixture.publications.map(\.subject).contains("whatsapp.my_account.in.message"))
        #expect(throws: FixtureError.self) { try InboundFixture.named("nothing") }
    }

    @Test func `Every outbound case loads`() throws {
        let fixtures = try OutboundFixture.all()
        #expect(fixtures.count == 92)
        #expect(fixtures.filter { $0.outcome == .sent }.allSatisfy { $0.call != nil && $0.answer != nil })
        #expect(fixtures.filter { $0.outcome == .clientError }.allSatisfy { $0.call == nil && $0.answer == nil })
        #expect(fixtures.filter { $0.outcome == .graphError }.allSatisfy { $0.errorEvent != nil && $0.answer != nil })
        #expect(
            fixtures.filter { $0.outcome == .transportError }.allSatisfy { $0.transport != nil && $0.answer == nil })
    }

    @Test func `Requests and answers keep their bytes`() throws {
        let raw = try OutboundFixture.named("raw_byte_exact_body")
        #expect(String(decoding: raw.request, as: UTF8.self).contains(#""latitude":1.50"#))
        let empty = try #require(try OutboundFixture.named("err_empty_503").answer)
        #expect(empty.status == 503 && empty.body.isEmpty && empty.headers == ["Retry-After": "7"])
    }

    @Test func `Bodies that mean the same compare equal`() throws {
        func comparable(_ text: String) throws -> JSONTree { OutboundFixture.comparable(try JSONTree(text.utf8)) }
        let plain = try comparable(#"{"to":"1","text":{"body":"x"}}"#)
        #expect(
            try comparable(
                #"{"text":{"preview_url":false,"body":"\u0078"},"to":"1","recipient_type":"individual","#
                    + #""biz_opaque_callback_data":"wa1:abc"}"#) == plain)
        #expect(try comparable(#"{"to":"1","text":{"body":"x","preview_url":true}}"#) != plain)
        #expect(try comparable(#"{"to":"1","text":{"body":"x"},"biz_opaque_callback_data":"mine"}"#) != plain)
    }

    @Test func `Texts compare by their bytes, numbers by their value, members in any order`() throws {
        let tree = try JSONTree(#"{"a":1.0,"b":["\u00e9",null]}"#.utf8)
        #expect(try JSONTree(#"{"b":["é",null],"a":10e-1}"#.utf8) == tree)
        #expect(try JSONTree(#"{"b":["e\u0301",null],"a":1}"#.utf8) != tree)
        #expect(try JSONTree(#"{"b":["é",false],"a":1}"#.utf8) != tree)
    }
}
