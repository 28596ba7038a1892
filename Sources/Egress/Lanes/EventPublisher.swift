import Addressing
import NATSClient

/// Publishes an account's events: `whatsapp.<name>.error`, and later `.sent`.
struct EventPublisher: Sendable {
    private let connection: NATSConnection
    private let subjects: OutboundSubjects

    init(of account: AccountName, connection: NATSConnection) {
        self.connection = connection
        self.subjects = OutboundSubjects(of: account)
    }

    func publish(_ event: ErrorEvent, traceparent: String?) {
        let headers = traceparent.map { [NATSHeader("traceparent", $0)] } ?? []
        // Room for the headers, which count against max_payload too.
        let limit = self.connection.maximumPayload - 256
        self.connection.publish(
            OutgoingMessage(subject: self.subjects.error, headers: headers, payload: event.json(atMost: limit)))
    }
}
