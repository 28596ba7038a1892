import NATSClient
import TestSupport
import Testing

/// Every fixture on its way from Meta to NATS.
@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct InboundFixtureTests {
    @Test func `Every fixture is published byte for byte and in order, and stored once`() async throws {
        try await Gateway.running([.ingress]) { gateway async throws in
            let tap = try await NATSTap(on: gateway.nats)
            var published: [NATSMessage] = []
            for fixture in try InboundFixture.all() {
                let reply = try await gateway.post(fixture.body, signature: fixture.signature)
                #expect(reply.status == fixture.status, "\(fixture)")
                #expect(reply.body.isEmpty, "\(fixture)")
                let messages = try await tap.take()
                Self.compare(messages, with: fixture)
                published += messages
            }
            var known: Set<String> = []
            let once = published.filter { known.insert($0.header("Nats-Msg-Id") ?? "").inserted }
            let stored = try await gateway.stored(in: "WHATSAPP_IN")
            #expect(stored.map(Self.essence) == once.map(Self.essence))
            #expect(!stored.isEmpty)
        }
    }

    @Test func `With INGRESS_DELIVERY=core every fixture is published alike, on a server without JetStream`()
        async throws
    {
        try await Gateway.running([.ingress], server: .with { $0.jetStream = false }) {
            $0.further["INGRESS_DELIVERY"] = "core"
        } body: { gateway async throws in
            let tap = try await NATSTap(on: gateway.nats)
            for fixture in try InboundFixture.all() {
                #expect(try await gateway.post(fixture.body, signature: fixture.signature).status == fixture.status)
                Self.compare(try await tap.take(), with: fixture)
            }
        }
    }

    /// Compares what was published with what should have been, subject by subject.
    private static func compare(_ messages: [NATSMessage], with fixture: InboundFixture) {
        let expected = Dictionary(grouping: fixture.publications, by: \.subject)
        let actual = Dictionary(grouping: messages, by: \.subject)
        #expect(actual.keys.sorted() == expected.keys.sorted(), "\(fixture)")
        for (subject, publications) in expected {
            let messages = actual[subject] ?? []
            #expect(messages.map(\.payload) == publications.map(\.payload), "\(fixture) \(subject)")
            #expect(
                messages.map { $0.header("Nats-Msg-Id") } == publications.map(\.messageID), "\(fixture) \(subject)")
            #expect(messages.map(Self.whatsAppHeaders) == publications.map(\.headers), "\(fixture) \(subject)")
        }
        for message in messages {
            let others = message.headers.map(\.name).filter { !$0.hasPrefix("Wa-") }.sorted()
            #expect(others == ["Nats-Msg-Id", "traceparent"], "\(fixture) \(message.subject)")
            #expect(message.header("traceparent")?.utf8.count == 55, "\(fixture) \(message.subject)")
        }
        #expect(Set(messages.compactMap { $0.header("traceparent") }).count <= 1, "\(fixture)")
    }

    private static func whatsAppHeaders(of message: NATSMessage) -> [String: String] {
        message.headers.filter { $0.name.hasPrefix("Wa-") }.reduce(into: [:]) { $0[$1.name] = $1.value }
    }

    /// All of a message that the stream has to keep.
    private static func essence(of message: NATSMessage) -> [String] {
        let headers = message.headers.filter { !$0.name.hasPrefix("Nats-") || $0.name == "Nats-Msg-Id" }
        return [message.subject, String(decoding: message.payload, as: UTF8.self)]
            + headers.map { "\($0.name): \($0.value)" }.sorted()
    }
}
