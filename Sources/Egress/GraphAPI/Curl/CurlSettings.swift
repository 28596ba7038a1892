/// What all calls of a transport have in common.
struct CurlSettings: Sendable {
    let endpoint: GraphEndpoint
    let userAgent: String
    let maxInFlight: Int
    let timeout: Duration
    let maxResponseBytes: Int
    /// Path of a PEM file; `nil`: the system's.
    let certificateAuthorities: String?
}
