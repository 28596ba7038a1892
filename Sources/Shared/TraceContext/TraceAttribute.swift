/// What is said of a span, by the names of OpenTelemetry's semantic conventions.
///
/// No value is a phone number, a text, a token or anything else that a stranger chose.
package enum TraceAttribute: String, Sendable {
    /// `nats`.
    case messagingSystem = "messaging.system"
    /// The subject, or a pattern where the subject has a part that others choose.
    case messagingDestination = "messaging.destination.name"
    /// `send` or `process`.
    case messagingOperationType = "messaging.operation.type"
    /// `publish` or `process`.
    case messagingOperationName = "messaging.operation.name"
    /// The queue group or the durable consumer.
    case messagingConsumerGroup = "messaging.consumer.group.name"
    case messagingBatchCount = "messaging.batch.message_count"
    case httpMethod = "http.request.method"
    case httpRoute = "http.route"
    case httpStatus = "http.response.status_code"
    /// A word or number of a bounded set.
    case errorType = "error.type"
    /// The account's name.
    case account = "whatsapp.account"
    /// The action, where it is one of the contract's.
    case action = "whatsapp.action"
}
