import Addressing
import NATSClient
import NATSTestSupport
import Settings
import TestSupport
import Testing

@testable import Egress

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct HiddenJobsTests {
    private static let acme = AccountName("acme")!

    @Test func `Jobs that were not delivered are read by their places, and an ack settles them all the same`()
        async throws
    {
        try await NATSServer.running { server in
            try await withConnection(to: server) { connection in
                var reader = SettingsReader(SettingsSource(variables: [:]))
                let streams = QueueStreams(connection: connection, settings: StreamSettings(from: &reader))
                #expect(try await streams.check() == [])
                let subjects = ["acme", "other", "acme", "acme", "other", "acme"].map {
                    "whatsapp.\($0).queue.sendMessage"
                }
                let headers = [NATSHeader("Order", "17")]
                let jobs = subjects.enumerated().map { index, subject in
                    OutgoingMessage(subject: subject, headers: headers, payload: Array("\(index + 1)".utf8))
                }
                for ack in await connection.store(jobs, timeout: .seconds(5)) { _ = try ack.get() }
                let consumer = QueueConsumer(of: Self.acme, connection: connection)
                #expect(try await consumer.makeAnew() == 4)

                let hidden = try await HiddenJobs(of: Self.acme, connection: connection).find(3, besides: [3])
                let found = hidden.map { Job($0) }.sorted { $0.sequence < $1.sequence }
                #expect(found.map(\.sequence) == [1, 4, 6])
                #expect(found.map { String(decoding: $0.message.payload, as: UTF8.self) } == ["1", "4", "6"])
                #expect(found.allSatisfy { $0.message.header("Order") == "17" && $0.action == "sendMessage" })

                // Out of order, as jobs end.
                for job in [found[1], found[2], found[0]] {
                    try await connection.acknowledge(job.delivery.ack, timeout: .seconds(5))
                }
                let jetStream = JetStream(connection)
                for sequence in 1...6 as ClosedRange<UInt64> {
                    let isThere = try await jetStream.message(in: QueueStreams.jobs, sequence: sequence) != nil
                    #expect(isThere == [2, 3, 5].contains(sequence), "job \(sequence)")
                }
            }
        }
    }
}
