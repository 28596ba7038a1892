/// What became of one Graph API call, as far as this side can know.
enum GraphOutcome: Hashable, Sendable {
    /// A whole HTTP response came back, whatever its status.
    case answered(GraphAnswer)
    /// Certainly not sent: no address, connection refused, TLS failure, or its time to be written was over.
    case notWritten(reason: String)
    /// Written at least in part, and no whole answer: Meta may have acted on it.
    case lost(reason: String)

    /// Whether anything may have been written.
    var mayBeWritten: Bool {
        if case .notWritten = self { false } else { true }
    }
}

/// An HTTP response of the Graph API.
struct GraphAnswer: Hashable, Sendable {
    let status: Int
    /// The response body, byte for byte.
    let body: [UInt8]
    /// `Retry-After`, where the response had one that can be read.
    var retryAfter: Duration?
    /// The highest `estimated_time_to_regain_access` of the usage headers, where Meta gave one (minutes there).
    var regainAccess: Duration?

    init(status: Int, body: [UInt8], retryAfter: Duration? = nil, regainAccess: Duration? = nil) {
        self.status = status
        self.body = body
        self.retryAfter = retryAfter
        self.regainAccess = regainAccess
    }
}
