import Addressing
import NATSClient

/// Finds the jobs that a stream holds and a consumer counts, but does not deliver.
///
/// nats-server 2.9.10 loses track of them when jobs were acked out of order: a consumer that is made anew passes them
/// over until the server is restarted. Read one by one, by their places in the stream, they are there.
struct HiddenJobs: Sendable {
    /// How many places are looked at, at most: some seconds.
    private static let widest = 100_000
    /// Questions asked at once.
    private static let width = 256

    private let account: AccountName
    private let jetStream: JetStream

    init(of account: AccountName, connection: NATSConnection) {
        self.account = account
        self.jetStream = JetStream(connection)
    }

    /// Looks for jobs of the account.
    ///
    /// - Parameters:
    ///   - count: how many there are.
    ///   - known: those that were delivered.
    func find(_ count: Int, besides known: Set<UInt64>) async throws(NATSError) -> [Delivery] {
        guard let stream = try await self.jetStream.stream(named: QueueStreams.jobs) else { return [] }
        guard stream.firstSequence <= stream.lastSequence else { return [] }
        let places = (stream.firstSequence...stream.lastSequence).lazy.filter { !known.contains($0) }
        var found: [Delivery] = []
        var part: [UInt64] = []
        for place in places.prefix(Self.widest) {
            part.append(place)
            guard part.count == Self.width else { continue }
            found += try await self.jobs(at: part)
            part = []
            if found.count >= count { return found }
        }
        return found + (try await self.jobs(at: part))
    }

    private func jobs(at places: [UInt64]) async throws(NATSError) -> [Delivery] {
        let messages = try await askEach(places, atOnce: Self.width) { place async throws(NATSError) in
            try await self.jetStream.message(in: QueueStreams.jobs, sequence: place)
        }
        return messages.compactMap { message in
            guard let message, let subject = OutboundSubject(parsing: message.subject),
                subject.account == self.account, subject.lane == .queue
            else { return nil }
            return self.delivery(of: message)
        }
    }

    /// As the consumer would have delivered it: an ack of its place in the stream settles it all the same.
    private func delivery(of message: StreamMessage) -> Delivery? {
        let consumer = QueueConsumer.name(of: self.account)
        let ack = AckSubject(
            "$JS.ACK.\(QueueStreams.jobs).\(consumer).1.\(message.sequence).\(message.sequence)."
                + "\(message.storedAt.nanoseconds).0")
        let received = NATSMessage(
            subject: message.subject, headers: message.headers, hasUnreadableHeaders: message.hasUnreadableHeaders,
            payload: message.payload)
        return ack.map { Delivery(message: received, ack: $0) }
    }
}
