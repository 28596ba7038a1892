import Settings

/// Carries calls to the Graph API: the real one over HTTP, a scripted one in tests.
protocol GraphTransport: Sendable {
    /// Performs one call and says what became of it; never throws, never retries, follows no redirect.
    ///
    /// - Parameters:
    ///   - token: the access token, sent as `Authorization: Bearer`.
    ///   - writeBy: a call of which nothing is written by then is given up as `notWritten`. Once written, the call runs
    ///     on to the transport's own time limit.
    func perform(_ call: GraphCall, token: Secret, writeBy: ContinuousClock.Instant) async -> GraphOutcome
}
