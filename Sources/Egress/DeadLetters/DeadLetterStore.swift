import Addressing
import NATSClient

/// One account's dead letters in `WHATSAPP_DEAD`.
struct DeadLetterStore: Sendable {
    private static let stream = "WHATSAPP_DEAD"
    /// `err_code` of the JetStream API.
    private static let streamNotFound = 10059
    private static let messageTooLarge = 10054
    private static let headersTooLarge = 10097

    let account: AccountName
    private let connection: NATSConnection
    private let jetStream: JetStream
    private let timeout: Duration

    /// - Parameter timeout: how long NATS may take for one answer.
    init(of account: AccountName, connection: NATSConnection, timeout: Duration) {
        self.account = account
        self.connection = connection
        self.jetStream = JetStream(connection, timeout: timeout)
        self.timeout = timeout
    }

    /// The first letter with that sequence or a later one; `nil` where there is none, or no such stream yet.
    func first(from sequence: UInt64) async throws(NATSError) -> KeptDeadLetter? {
        do {
            let subject = OutboundSubjects(of: self.account).dead("*")
            let message = try await self.jetStream.firstMessage(in: Self.stream, from: sequence, matching: subject)
            return message.flatMap(KeptDeadLetter.init)
        } catch  where error.jetStreamCode == Self.streamNotFound {
            return nil
        }
    }

    /// A sequence before which every letter was stored earlier than at a time; found in few steps, since times rise with
    /// sequences.
    func start(since time: StreamTime) async throws(NATSError) -> UInt64 {
        var earlier: UInt64 = 0
        var start: UInt64 = 1
        while let letter = try await self.first(from: start), letter.storedAt < time {
            earlier = letter.sequence
            start = 2 * letter.sequence
        }
        // Not by their difference: where letters are taken away meanwhile, `earlier` may pass `start`.
        while earlier + 1 < start {
            let middle = earlier + (start - earlier) / 2
            if let letter = try await self.first(from: middle), letter.storedAt < time {
                earlier = letter.sequence
            } else {
                start = middle
            }
        }
        return start
    }

    /// The letter with that sequence; `nil` where it is gone.
    func letter(_ sequence: UInt64) async throws(NATSError) -> KeptDeadLetter? {
        try await self.jetStream.message(in: Self.stream, sequence: sequence).flatMap(KeptDeadLetter.init)
    }

    /// Stores a letter's job again; the letter stays.
    ///
    /// - Throws: `NATSError`, also where the job was taken for a duplicate: nothing is stored then, or that is unknown.
    func store(_ job: OutgoingMessage) async throws(NATSError) {
        guard let ack = try await self.connection.store([job], timeout: self.timeout).first?.get() else { return }
        guard !ack.isDuplicate else {
            throw NATSError(.refused, "stream \(ack.stream) has taken the job for a duplicate")
        }
    }

    /// Whether a job was refused for what it is, so that the next may well be stored.
    static func isOfOneJob(_ error: NATSError) -> Bool {
        error.code == .tooLarge || error.jetStreamCode == self.messageTooLarge
            || error.jetStreamCode == self.headersTooLarge
    }

    /// Takes a letter away; answers whether it was there.
    func take(_ sequence: UInt64) async throws(NATSError) -> Bool {
        try await self.jetStream.deleteMessage(in: Self.stream, sequence: sequence)
    }
}
