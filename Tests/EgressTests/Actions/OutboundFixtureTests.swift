import JSONBytes
import TestSupport
import Testing

@testable import Egress

/// Requests of the fixtures, as far as the Graph call.
@Suite struct OutboundFixtureTests {
    @Test func `All fixtures are there, and each expects something known`() throws {
        let known = ["sent", "client_error", "graph_error", "transport_error"]
        let fixtures = try OutboundFixture.all()
        #expect(fixtures.count == 92)
        #expect(fixtures.allSatisfy { known.contains($0.outcome.rawValue) })
    }

    @Test(arguments: try OutboundFixture.allWithCall())
    func `A request becomes the Graph call its fixture expects`(_ fixture: OutboundFixture) throws {
        let expected = try #require(fixture.call)
        let call = try fixture.outboundCall().call
        #expect(call.method.rawValue == expected.method)
        #expect("/v21.0/" + call.path == expected.path)
        if let expectedBody = expected.body {
            let body = try #require(call.body)
            #expect(try JSONTree(body).normalised == expectedBody.normalised)
            for part in expected.bodyMustContain { #expect(String(decoding: body, as: UTF8.self).contains(part)) }
        } else {
            #expect(call.body == nil)
        }
    }

    @Test(arguments: try OutboundFixture.allWithCall().filter { $0.action == "raw" })
    func `A raw body reaches Graph byte for byte`(_ fixture: OutboundFixture) throws {
        let given = try JSONDocument(validating: fixture.request).root["body"].map { Array($0.bytes) }
        #expect(try fixture.outboundCall().call.body == given)
    }

    @Test(arguments: try OutboundFixture.all(expecting: .clientError))
    func `A request that its fixture calls wrong is a client error that says why`(_ fixture: OutboundFixture) throws {
        let error = try #require(throws: ClientError.self) { try fixture.outboundCall() }
        // The first word of `why` is the member, or tells the sort of mistake.
        let hints = ["not": "not JSON", "neither": "neither media_id nor link", "no": "sendMessage", "nothing": "body"]
        let word = String(try #require(fixture["why"]?.string).prefix { $0 != " " })
        #expect(error.message.contains(hints[word] ?? word))
    }
}
