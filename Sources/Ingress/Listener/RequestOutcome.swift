/// One answered request, for the metrics.
struct RequestOutcome: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// `POST /webhook`.
        case webhook
        /// `GET /webhook`.
        case verification
        /// `GET /health`.
        case health
        /// Another path or method, or no HTTP at all.
        case other
    }

    let kind: Kind
    /// The HTTP status answered.
    let status: Int
    /// From the request's first byte to the answer's writing.
    let duration: Duration
}
