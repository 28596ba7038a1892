import Addressing
import NATSClient

/// A job that will not be sent, as `WHATSAPP_DEAD` is to keep it.
struct DeadLetter: Hashable, Sendable {
    let account: AccountName
    /// The last token of the job's subject, an action or not.
    let action: String
    /// The job's payload, as it came.
    let payload: [UInt8]
    /// All the job's headers, as they came.
    let headers: [NATSHeader]
    /// Whether the job had headers that nobody can read, and that are lost therefore.
    var hasUnreadableHeaders = false
    /// The job's `Nats-Msg-Id`, else `<stream>:<sequence>`.
    let jobID: String
    let reason: DeadReason
    /// What went wrong, for a reader; no secret.
    let error: String
    /// Graph's code where it gave one, else the status of the gateway's own error.
    let code: Int
    /// How often it was tried, throttling and calls that were never written not counted.
    let attempts: Int
    /// The job's place in its stream, and when it was stored there: one letter a stored job, however often it is told.
    let streamSequence: UInt64
    let storedAt: StreamTime

    /// The most bytes of headers that a stream stores with a message; more is refused (10097).
    static let headerLimit = 65_535

    private static let everythingTruncated = NATSHeader(DeadLetterHeader.truncated.rawValue, "headers, payload")

    /// The message for `whatsapp.<name>.dead.<action>`.
    ///
    /// What does not fit is left out rather than have the job wait for ever, and `Wa-Truncated` says so: first those
    /// headers of the job that find no room beside the payload, in their order; then, of a payload that is too large
    /// even alone, the end.
    ///
    /// - Parameter limit: the server's `max_payload` in bytes, against which it counts headers too.
    func message(atMost limit: Int) -> OutgoingMessage {
        let subject = OutboundSubjects(of: self.account).dead(self.action)
        let told = self.told
        let ofJob = self.headers.filter(DeadLetterHeader.isOfJob)
        let whole = told + ofJob
        let size = Self.size(of: whole)
        let isPlain = !self.hasUnreadableHeaders && ofJob.allSatisfy(\.hasPlainName)
        if isPlain, size <= Self.headerLimit, size + self.payload.count <= limit {
            return OutgoingMessage(subject: subject, headers: whole, payload: self.payload)
        }

        let least = Self.size(of: told) + Self.everythingTruncated.size
        let payload = self.payload.prefix(max(0, limit - least))
        var room = min(Self.headerLimit, limit - payload.count) - least
        let kept = ofJob.filter { header in
            guard header.hasPlainName, header.size <= room else { return false }
            room -= header.size
            return true
        }
        let truncated = [
            kept.count < ofJob.count || self.hasUnreadableHeaders ? "headers" : nil,
            payload.count < self.payload.count ? "payload" : nil,
        ]
        let sign = NATSHeader(
            DeadLetterHeader.truncated.rawValue, truncated.compactMap { $0 }.joined(separator: ", "))
        return OutgoingMessage(subject: subject, headers: told + [sign] + kept, payload: payload)
    }

    /// What the letter tells of its job.
    private var told: [NATSHeader] {
        let told: [(DeadLetterHeader, String)] = [
            (.jobID, HeaderText.encode(self.jobID)), (.error, HeaderText.encode(self.error)),
            (.errorCode, String(self.code)), (.attempts, String(self.attempts)), (.reason, self.reason.rawValue),
        ]
        return [NATSHeader("Nats-Msg-Id", "dead:\(self.streamSequence):\(self.storedAt.nanoseconds)")]
            + told.map { NATSHeader($0.rawValue, $1) }
    }

    private static func size(of headers: [NATSHeader]) -> Int {
        NATSHeader.blockSize + headers.reduce(0) { $0 + $1.size }
    }
}
