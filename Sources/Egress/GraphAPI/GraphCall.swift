import TraceContext

/// One HTTP call to the Graph API, before it has a host, a version or a token.
struct GraphCall: Hashable, Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    let method: Method
    /// What stands below `GRAPH_URL/API_VERSION/`: checked, percent-encoded, without a leading slash, perhaps with a query.
    let path: String
    /// The JSON body, or `nil` where there is none.
    let body: [UInt8]?
    /// The place in a trace that Graph is told.
    var trace: TraceHeaders

    init(method: Method = .post, path: String, body: [UInt8]?, trace: TraceHeaders = .none) {
        self.method = method
        self.path = path
        self.body = body
        self.trace = trace
    }
}
