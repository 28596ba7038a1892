extension Variables {
    package static let apiVersion = Variable(
        "API_VERSION", .apiVersion, default: "v21.0", "the Graph API's version")
    package static let graphURL = Variable(
        "GRAPH_URL", .httpURL, default: "https://graph.facebook.com",
        "the Graph API's base, for a proxy or the simulator")
    package static let egressMaxInFlight = Variable(
        "EGRESS_MAX_IN_FLIGHT", .integer(in: 1...65536), default: "256", "Graph calls at once, per account and worker")
    package static let egressMaxWaiting = Variable(
        "EGRESS_MAX_WAITING", .integer(in: 1...1_000_000), default: "1024",
        "requests waiting for their turn, per account and worker; more get 429")
    package static let egressMaxHeld = Variable(
        "EGRESS_MAX_HELD", .integer(in: 1...1_000_000), default: "20000",
        "queued jobs pulled ahead and held, per account")
    package static let egressRatePerSecond = Variable(
        "EGRESS_RATE_PER_SECOND", .rate, default: "80",
        "sends a second, per account and worker, before Meta says otherwise")
    package static let egressGraphTimeout = Variable(
        "EGRESS_GRAPH_TIMEOUT_MS", .milliseconds(in: 100...120_000), default: "15000", "the time for one Graph call")
    package static let egressMaxAttempts = Variable(
        "EGRESS_MAX_ATTEMPTS", .integer(in: 1...1000), default: "8",
        "tries of one queued job before it is dead-lettered")
    package static let egressAdmin = Variable(
        "EGRESS_ADMIN", .adminAddress, default: "127.0.0.1:9182", "health, readiness and metrics of the egress")
}

extension ValueForm<Int> {
    /// Sends a second.
    package static var rate: Self { .integer(in: 1...1_000_000) }
}
