import JSONBytes
import Testing

@testable import Egress

/// Requests of the fixtures, as far as the Graph call.
@Suite struct OutboundFixtureTests {
    @Test func `All fixtures are there, and each expects something known`() {
        let known = ["sent", "client_error", "graph_error", "transport_error"]
        #expect(OutboundFixture.all.count == 92)
        #expect(known.map { OutboundFixture.all(expecting: $0).count }.reduce(0, +) == OutboundFixture.all.count)
    }

    @Test(arguments: OutboundFixture.all.filter { $0["graph"]?.kind == .object })
    func `A request becomes the Graph call its fixture expects`(_ fixture: OutboundFixture) throws {
        let graph = try #require(fixture["graph"])
        let call = try fixture.call().call
        #expect(call.method.rawValue == graph["method"]?.string)
        #expect("/v21.0/" + call.path == graph["path"]?.string)
        let expected = try #require(graph["body"])
        if expected.isNull {
            #expect(call.body == nil)
        } else {
            let body = try #require(call.body)
            #expect(try JSONTree(body).normalised == JSONTree(expected).normalised)
            for part in graph["body_must_contain"]?.elements.map({ $0 }) ?? [] {
                #expect(String(decoding: body, as: UTF8.self).contains(try #require(part.string)))
            }
        }
    }

    @Test(arguments: OutboundFixture.all.filter { $0.action == "raw" && $0["graph"]?.kind == .object })
    func `A raw body reaches Graph byte for byte`(_ fixture: OutboundFixture) throws {
        let given = try JSONDocument(validating: fixture.payload).root["body"].map { Array($0.bytes) }
        #expect(try fixture.call().call.body == given)
    }

    @Test(arguments: OutboundFixture.all(expecting: "client_error"))
    func `A request that its fixture calls wrong is a client error that says why`(_ fixture: OutboundFixture) throws {
        let error = try #require(throws: ClientError.self) { try fixture.call() }
        // The first word of `why` is the member, or tells the sort of mistake.
        let hints = ["not": "not JSON", "neither": "neither media_id nor link", "no": "sendMessage", "nothing": "body"]
        let word = String(try #require(fixture.text("why")).prefix { $0 != " " })
        #expect(error.message.contains(hints[word] ?? word))
    }
}
