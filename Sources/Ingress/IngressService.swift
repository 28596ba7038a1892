import Daemon
import Logging
import NATSClient
import NATSService

/// The ingress in NATS' service discovery: `whatsapp-ingress`, with the webhook as its one endpoint.
struct IngressService: Sendable {
    private let tally = EndpointTally()

    /// Counts a webhook that has been answered; everything else the listener answers is no service of this kind.
    func note(_ outcome: RequestOutcome) {
        guard outcome.kind == .webhook else { return }
        let error = outcome.status == 200 ? nil : Self.error(outcome.status)
        self.tally.record(processing: outcome.duration, error: error)
    }

    /// Answers discovery until the task is cancelled.
    func run(over connection: NATSConnection, logger: Logger) async {
        let webhook = ServiceEndpoint(
            name: "webhook", subject: "whatsapp.*.in.>", queueGroup: nil,
            metadata: ["direction": "publishes", "http": "POST /webhook"], tally: self.tally)
        let service = NATSService(
            name: "whatsapp-ingress", version: Version.text,
            description: "Takes WhatsApp webhooks over HTTP and publishes their events to NATS",
            endpoints: [webhook], metadata: ServiceMetadata.ofProcess, connection: connection, logger: logger)
        await service.run()
    }

    private static func error(_ status: Int) -> String {
        switch status {
        case 400: "400:no webhook"
        case 401: "401:signature missing, malformed or wrong"
        case 408: "408:not complete in time"
        case 413: "413:too large"
        case 503: "503:NATS does not take events, or too many requests are in flight"
        default: "\(status):refused"
        }
    }
}
