import Addressing
import NATSClient
import TraceContext

/// Publishes an account's events: `whatsapp.<name>.error` and `.sent`.
struct EventPublisher: Sendable {
    private let connection: NATSConnection
    private let subjects: OutboundSubjects

    init(of account: AccountName, connection: NATSConnection) {
        self.connection = connection
        self.subjects = OutboundSubjects(of: account)
    }

    /// - Parameter headers: those of the request or job that are carried on; left out where they take up half of what
    ///   fits.
    func publish(_ event: ErrorEvent, headers: [NATSHeader]) {
        self.publish(self.subjects.error, headers) { event.json(atMost: $0) }
    }

    func publish(_ event: SentEvent, headers: [NATSHeader]) {
        self.publish(self.subjects.sent, headers) { event.json(atMost: $0) }
    }

    func publish(_ event: ErrorEvent, _ trace: TraceHeaders) {
        self.publish(event, headers: trace.lines.map { NATSHeader($0.name, $0.value) })
    }

    private func publish(_ subject: String, _ headers: [NATSHeader], _ json: (_ limit: Int) -> [UInt8]) {
        // Headers count against max_payload too.
        let room = self.connection.maximumPayload - NATSHeader.blockSize
        let size = headers.reduce(0) { $0 + NATSHeader.lineSize($1.name, $1.value) }
        let carried = size <= room / 2 ? headers : []
        self.connection.publish(
            OutgoingMessage(
                subject: subject, headers: carried, payload: json(carried.isEmpty ? room : room - size)))
    }
}
