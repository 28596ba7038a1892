import Addressing
import Logging
import NATSClient
import Settings
import TraceContext

/// Takes a checked webhook apart and publishes its events; its sender is told 200 once all of them are safe.
final class WebhookPublisher: WebhookReceiver {
    private let connection: NATSConnection
    private let directory: AccountDirectory
    private let gate: StreamGate
    private let delivery: IngressDelivery
    /// How long NATS may take to answer for all events of a body.
    private let ackTimeout: Duration
    private let logger: Logger
    private let warnings: WebhookWarnings
    private let metrics: EventMetrics
    private let traces: Traces

    /// - Parameters:
    ///   - accounts: no two with one phone number ID.
    ///   - warnings: shared by those that follow one another, so that nothing is told twice in a minute.
    init(
        connection: NATSConnection, accounts: [Account], gate: StreamGate, delivery: IngressDelivery,
        ackTimeout: Duration, warnings: WebhookWarnings, metrics: EventMetrics, traces: Traces, logger: Logger
    ) {
        self.connection = connection
        self.directory = AccountDirectory(accounts)
        self.gate = gate
        self.delivery = delivery
        self.ackTimeout = ackTimeout
        self.logger = logger
        self.warnings = warnings
        self.metrics = metrics
        self.traces = traces
    }

    func receive(
        _ body: [UInt8], trace: TraceHeaders, completion: @escaping @Sendable (WebhookVerdict) -> Void
    ) {
        let span = self.traces.startWebhook(continuing: trace)
        let note = WebhookNote(self.logger, size: body.count)
        self.receive(body, span, note) { verdict in
            note?.answered(verdict)
            span.endWebhook(verdict)
            completion(verdict)
        }
    }

    private func receive(
        _ body: [UInt8], _ span: TraceSpan, _ note: WebhookNote?,
        completion: @escaping @Sendable (WebhookVerdict) -> Void
    ) {
        guard self.gate.isOpen, self.connection.isConnected else {
            note?.failed("NATS is away, or takes no events")
            return completion(Self.later)
        }
        let extra = InboundEvent.extraRoom(for: span.headers)
        let events: WebhookEvents
        do throws(WebhookError) {
            let room = self.connection.maximumPayload - extra
            events = try Webhook(body: body).events(for: self.directory, maxPayload: room)
        } catch {
            note?.failed(error.message)
            return completion(self.verdict(on: error, size: body.count, extra: extra))
        }
        note?.found(events: events.events.count)
        self.warnings.look(at: events)
        let tally = self.metrics.tally(of: events)
        let completion: @Sendable (WebhookVerdict) -> Void = { verdict in
            if verdict == .accepted { tally.count() }
            completion(verdict)
        }
        guard !events.events.isEmpty else { return completion(.accepted) }

        let publishing = span.startPublishing(events.events)
        // Meta sends none: as a rule the trace of a message begins here.
        let trace = publishing.headers == .none ? TraceHeaders.begun() : publishing.headers
        let messages = events.events.map { OutgoingMessage($0, trace) }
        let published: @Sendable (WebhookVerdict) -> Void = { verdict in
            publishing.end(error: verdict == .accepted ? nil : "unavailable")
            completion(verdict)
        }
        switch self.delivery {
        case .jetstream: self.store(messages, published)
        case .core: self.publish(messages, published)
        }
    }

    /// Meta sends again what was answered so.
    private static let later = WebhookVerdict.unavailable(retryAfterSeconds: 1)

    private func store(_ messages: [OutgoingMessage], _ completion: @escaping @Sendable (WebhookVerdict) -> Void) {
        self.connection.store(messages, timeout: self.ackTimeout) { results in
            let refusal = results.lazy.compactMap { result -> NATSError? in
                if case .failure(let error) = result { error } else { nil }
            }.first
            guard let refusal else { return completion(.accepted) }
            self.warnings.notStored(refusal)
            self.gate.refused(refusal)
            completion(Self.later)
        }
    }

    private func publish(_ messages: [OutgoingMessage], _ completion: @escaping @Sendable (WebhookVerdict) -> Void) {
        for message in messages {
            self.connection.publish(message)
        }
        self.connection.roundTrip(timeout: self.ackTimeout) { result in
            switch result {
            case .success:
                completion(.accepted)
            case .failure(let error):
                self.warnings.notStored(error)
                completion(Self.later)
            }
        }
    }

    /// - Parameter extra: what the trace adds to each event, in bytes.
    private func verdict(on error: WebhookError, size: Int, extra: Int) -> WebhookVerdict {
        switch error.code {
        case .malformed:
            return .badRequest
        case .tooLarge(let needed):
            self.logger.error(
                "an event does not fit into a NATS message; raise max_payload in the NATS server's configuration",
                metadata: ["needed": "\(needed + extra)", "max_payload": "\(self.connection.maximumPayload)"])
            return .tooLarge
        case .tooManyEvents:
            self.logger.error(
                "a webhook has more events than are taken, and is refused; tell us if Meta sent it",
                metadata: ["bytes": "\(size)"])
            return .tooLarge
        }
    }
}

extension OutgoingMessage {
    init(_ event: InboundEvent, _ trace: TraceHeaders) {
        var headers = [NATSHeader("Nats-Msg-Id", event.messageID)]
        headers.reserveCapacity(event.headers.count + 3)
        for header in event.headers {
            headers.append(NATSHeader(header.name, header.value))
        }
        if let traceparent = trace.traceparent { headers.append(NATSHeader("traceparent", traceparent)) }
        if let tracestate = trace.tracestate { headers.append(NATSHeader("tracestate", tracestate)) }
        self.init(subject: event.subject, headers: headers, payload: event.payload)
    }
}
