import TestSupport
import Testing

@testable import Ingress

@Suite struct WebhookFixtureTests {
    @Test func `There are fixtures`() throws {
        #expect(try InboundFixture.all().count == 129)
    }

    @Test(arguments: try InboundFixture.all())
    func `A fixture leads to the publications it names, in its order, and to no others`(
        fixture: InboundFixture
    ) throws {
        #expect(fixture.status == 200)
        let webhook = try Webhook(body: fixture.body)
        let events = try webhook.events(for: TestWebhook.directory(), maxPayload: 1 << 20).events
        let expected = fixture.publications
        #expect(events.map(\.subject) == expected.map(\.subject))
        #expect(events.map(\.messageID) == expected.map(\.messageID))
        for (event, publication) in zip(events, expected) {
            #expect(event.payload.indices == publication.range)
            #expect(event.payload == fixture.body[publication.range])
            #expect(event.headers.count == publication.headers.count)
            for (name, value) in publication.headers { #expect(event[header: name] == value) }
            #expect(event.size == event.wireSize)
        }
    }
}
