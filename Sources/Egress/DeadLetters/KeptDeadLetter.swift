import Addressing
import NATSClient

/// A dead letter as `WHATSAPP_DEAD` keeps it; whoever may publish there may have written it.
struct KeptDeadLetter: Hashable, Sendable {
    /// Its place in `WHATSAPP_DEAD`.
    let sequence: UInt64
    let storedAt: StreamTime
    /// The last token of its subject, an action or not.
    let action: String
    let payload: [UInt8]
    private let headers: [NATSHeader]
    private let hasUnreadableHeaders: Bool

    /// Fails for a message on a subject that is no dead letter's.
    init?(_ message: StreamMessage) {
        guard let subject = OutboundSubject(parsing: message.subject), subject.lane == .dead else { return nil }
        self.sequence = message.sequence
        self.storedAt = message.storedAt
        self.action = subject.action
        self.payload = message.payload
        self.headers = message.headers
        self.hasUnreadableHeaders = message.hasUnreadableHeaders
    }

    /// A header as it stands there; `nil` where the letter has none.
    func text(_ header: DeadLetterHeader) -> String? {
        self.headers.first { $0.name == header.rawValue }?.value
    }

    var jobID: String? { self.text(.jobID).map(HeaderText.decode) }
    var error: String? { self.text(.error).map(HeaderText.decode) }
    var code: Int? { self.text(.errorCode).flatMap { Int($0) } }
    var attempts: Int? { self.text(.attempts).flatMap { Int($0) } }
    /// One of `DeadReason`'s, as long as the gateway wrote it.
    var reason: String? { self.text(.reason) }

    /// The headers that its job came with.
    var headersOfJob: [NATSHeader] { self.headers.filter(DeadLetterHeader.isOfJob) }

    /// Whether the job can be stored again: not where its payload was cut, or its headers cannot be read.
    var isReplayable: Bool {
        !self.hasUnreadableHeaders && self.text(.truncated)?.contains("payload") != true
    }

    /// Whether the job's `Wa-Expires` is over: it would die again.
    func isExpired(at now: StreamTime) -> Bool {
        self.headers.contains { Self.isExpiry($0, before: now) }
    }

    /// The job as it is stored again: a new one, without what NATS, its death and its expiry put into its headers.
    func job(of account: AccountName, at now: StreamTime) -> OutgoingMessage {
        OutgoingMessage(
            subject: OutboundSubjects(of: account).job(self.action),
            headers: self.headersOfJob.filter { !Self.isExpiry($0, before: now) }, payload: self.payload)
    }

    private static func isExpiry(_ header: NATSHeader, before now: StreamTime) -> Bool {
        guard header.name == "Wa-Expires", let time = StreamTime(instant: header.value) else { return false }
        return time <= now
    }
}
