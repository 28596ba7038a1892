import Settings

/// Carries calls to the Graph API: the real one over HTTP, a scripted one in tests.
protocol GraphTransport: Sendable {
    /// Performs one call and tells what became of it; never retries, follows no redirect.
    ///
    /// - Parameters:
    ///   - token: the access token, sent as `Authorization: Bearer`.
    ///   - writeBy: a call of which nothing is written by then is given up as `notWritten`. Once written, the call runs
    ///     on to the transport's own time limit.
    ///   - ended: called exactly once, perhaps before this returns, perhaps on the thread that carries all calls: it must
    ///     return quickly.
    func begin(
        _ call: GraphCall, token: Secret, writeBy: ContinuousClock.Instant,
        ended: @escaping @Sendable (GraphOutcome) -> Void)

    /// Performs one call for a task that waits for it; never throws. When the task is cancelled, a call not yet written
    /// is dropped, a written one runs on.
    func perform(_ call: GraphCall, token: Secret, writeBy: ContinuousClock.Instant) async -> GraphOutcome
}
