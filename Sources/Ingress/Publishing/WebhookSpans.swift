import NATSClient
import TraceContext

extension Traces {
    /// Starts the span of a webhook whose signature is right.
    func startWebhook(continuing headers: TraceHeaders) -> TraceSpan {
        let span = self.start(.webhook, continuing: headers)
        span.set(.httpMethod, "POST")
        span.set(.httpRoute, "/webhook")
        return span
    }
}

extension TraceSpan {
    func endWebhook(_ verdict: WebhookVerdict) {
        let status = Answer(verdict).status
        self.set(.httpStatus, status)
        self.end(error: status >= 500 ? String(status) : nil)
    }

    /// Starts the span of the publishing of a webhook's events.
    func startPublishing(_ events: [InboundEvent]) -> TraceSpan {
        let span = self.startChild(.publish)
        span.set(.messagingSystem, "nats")
        span.set(.messagingOperationType, "send")
        span.set(.messagingOperationName, "publish")
        span.set(.messagingBatchCount, events.count)
        span.set(.messagingDestination, Self.destination(of: events))
        return span
    }

    /// What the subjects of one account have in common, or those of several.
    private static func destination(of events: [InboundEvent]) -> String {
        let accounts = Set(events.map(\.account))
        guard accounts.count == 1, let first = accounts.first else { return "whatsapp.>" }
        return first.map { "whatsapp.\($0).in.>" } ?? "whatsapp.event.*"
    }
}

extension InboundEvent {
    /// What the headers of a trace take beyond the room that every event leaves for them, in bytes.
    static func extraRoom(for trace: TraceHeaders) -> Int {
        let size = trace.lines.reduce(0) { $0 + NATSHeader.lineSize($1.name, $1.value) }
        return max(0, size - self.roomForTraceparent)
    }
}
