/// The time that a sender goes by.
struct SendClock: Sendable {
    let now: @Sendable () -> ContinuousClock.Instant
    /// Returns at the instant, or as soon as the task is cancelled.
    let sleep: @Sendable (_ until: ContinuousClock.Instant) async -> Void

    /// The machine's own.
    static let continuous = SendClock(now: { .now }, sleep: { try? await Task.sleep(until: $0) })
}
