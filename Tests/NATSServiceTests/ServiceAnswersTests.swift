import NATSClient
import TestSupport
import Testing

@testable import NATSService

@Suite struct ServiceAnswersTests {
    private let identity = ServiceIdentity(
        name: "whatsapp-egress", version: "0.1.0", description: "Sends \"messages\"",
        metadata: ["pid": "1", "host": "h"])

    private func answers(_ tally: EndpointTally = EndpointTally()) -> ServiceAnswers {
        ServiceAnswers(
            self.identity,
            [
                ServiceEndpoint(
                    name: "my_account", subject: "whatsapp.my_account.out.*", queueGroup: "whatsapp-egress",
                    metadata: ["a": "b"], tally: tally),
                ServiceEndpoint(name: "webhook", subject: "whatsapp.*.in.>", queueGroup: nil),
            ])
    }

    private func json(_ verb: ServiceVerb, _ tally: EndpointTally = EndpointTally()) throws -> JSONTree {
        try JSONTree(self.answers(tally).answer(to: verb))
    }

    @Test func `A ping is answered with who answers`() throws {
        #expect(
            try self.json(.ping)
                == .object([
                    "type": .string("io.nats.micro.v1.ping_response"), "name": .string("whatsapp-egress"),
                    "id": .string(self.identity.id), "version": .string("0.1.0"),
                    "metadata": .object(["pid": .string("1"), "host": .string("h")]),
                ]))
    }

    @Test func `The information names what there is`() throws {
        let info = try self.json(.info)
        #expect(info["type"]?.string == "io.nats.micro.v1.info_response")
        #expect(info["description"]?.string == "Sends \"messages\"")
        #expect(
            info["endpoints"]
                == .array([
                    .object([
                        "name": .string("my_account"), "subject": .string("whatsapp.my_account.out.*"),
                        "queue_group": .string("whatsapp-egress"), "metadata": .object(["a": .string("b")]),
                    ]),
                    .object([
                        "name": .string("webhook"), "subject": .string("whatsapp.*.in.>"), "queue_group": .string(""),
                        "metadata": .object([:]),
                    ]),
                ]))
    }

    @Test func `The statistics tell what has been done`() throws {
        let tally = EndpointTally()
        tally.record(processing: .milliseconds(2))
        tally.record(processing: .milliseconds(1), error: "400:InvalidRequest")
        let stats = try self.json(.stats, tally)
        #expect(stats["type"]?.string == "io.nats.micro.v1.stats_response")
        let endpoint = try #require(stats["endpoints"]?[0])
        #expect(endpoint["name"]?.string == "my_account" && endpoint["queue_group"]?.string == "whatsapp-egress")
        #expect(endpoint["num_requests"]?.int == 2 && endpoint["num_errors"]?.int == 1)
        #expect(endpoint["last_error"]?.string == "400:InvalidRequest")
        #expect(endpoint["processing_time"]?.int == 3_000_000)
        #expect(endpoint["average_processing_time"]?.int == 1_500_000)
        let started = try #require(stats["started"]?.string)
        #expect(started.contains(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/))
    }

    @Test func `An ID is 32 hexadecimal digits, and no two are alike`() {
        let ids = (0..<1000).map { _ in
            ServiceIdentity(name: "a", version: "0.1.0", description: "", metadata: [:]).id
        }
        #expect(ids.allSatisfy { $0.contains(/^[0-9a-f]{32}$/) })
        #expect(Set(ids).count == 1000)
    }

    @Test func `What names the process has no more than its host and number`() {
        #expect(Set(ServiceMetadata.ofProcess.keys) == ["host", "pid"])
    }
}
