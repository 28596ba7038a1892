import Addressing
import NATSClient

/// The durable consumer of one account's jobs, `egress-<name>`.
struct QueueConsumer: Sendable {
    private let configuration: ConsumerConfiguration
    private let name: String
    private let connection: NATSConnection

    init(of account: AccountName, connection: NATSConnection) {
        self.name = Self.name(of: account)
        self.configuration = ConsumerConfiguration(
            durableName: self.name, filterSubject: OutboundSubjects(of: account).jobs, ackPolicy: .explicit,
            ackWait: .seconds(30))
        self.connection = connection
    }

    static func name(of account: AccountName) -> String { "egress-\(account.value)" }

    /// Deletes the consumer and makes it anew: what an earlier holder had and did not ack comes again at once, in the
    /// order of the stream.
    ///
    /// - Returns: how many jobs it is to deliver, as the server says.
    func makeAnew() async throws(NATSError) -> Int {
        let jetStream = JetStream(self.connection)
        _ = try await jetStream.deleteConsumer(named: self.name, of: QueueStreams.jobs)
        return try await jetStream.makeConsumer(self.configuration, on: QueueStreams.jobs).pending
    }

    func pull(room: @escaping @Sendable () -> Int, deliver: @escaping @Sendable (Delivery) -> Void) -> Pull {
        Pull(self.connection, stream: QueueStreams.jobs, consumer: self.name, room: room, deliver: deliver)
    }
}
