import TraceContext

/// Takes the webhooks whose signature is right.
protocol WebhookReceiver: Sendable {
    /// Does what a webhook asks for and then says what its sender is told.
    ///
    /// Called on an event loop: it must not block. `completion` is called exactly once, on any thread, at once or
    /// later; until then the body's bytes and the request's place among those in flight count as taken.
    ///
    /// - Parameters:
    ///   - body: the request's body, byte for byte, its signature checked and nothing else.
    ///   - trace: the place in a trace that the request's headers name.
    func receive(
        _ body: [UInt8], trace: TraceHeaders, completion: @escaping @Sendable (WebhookVerdict) -> Void)
}

/// What a webhook's sender is told.
enum WebhookVerdict: Hashable, Sendable {
    /// 200: every event is where it should be.
    case accepted
    /// 400: no webhook, and no repeat makes it one.
    case badRequest
    /// 413: larger than NATS takes.
    case tooLarge
    /// 503 with `Retry-After`: not now, Meta sends it again.
    case unavailable(retryAfterSeconds: Int)
}
