import Tracing

/// What this gateway makes spans of; few, so that they can be grouped by.
package enum SpanName: String, Sendable {
    /// A webhook, from its last byte to its answer.
    case webhook = "POST /webhook"
    /// The publishing of a webhook's events, until NATS has them.
    case publish = "publish whatsapp.*.in.>"
    /// A request, from its receipt to its answer.
    case request = "process whatsapp.*.out.*"
    /// A job, from its delivery to its settlement.
    case job = "process whatsapp.*.queue.*"
    /// One call to the Graph API.
    case graphCall = "Graph API"

    var kind: SpanKind {
        switch self {
        case .webhook: .server
        case .publish: .producer
        case .request, .job: .consumer
        case .graphCall: .client
        }
    }
}
