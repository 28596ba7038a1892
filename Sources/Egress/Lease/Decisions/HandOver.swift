/// When a holder gives the lease to a worker that the account prefers: within 30 s of hearing of it, at most once a
/// minute.
struct HandOver: Sendable {
    /// A lane that has just begun is left in peace, and so is one that was handed over.
    private static let rest = Duration.seconds(10)
    private static let longRest = Duration.seconds(60)
    /// For how long a better worker must have been known at least: one that comes and goes is not waited upon.
    private static let patience = Duration.seconds(10)

    private let notBefore: ContinuousClock.Instant
    /// Up to 8 s more, so that a new host does not get all its accounts in the same second.
    private let patience: Duration

    /// - Parameters:
    ///   - wasHandedOver: whether the lease came from a holder that preferred this worker.
    ///   - last: when this worker handed it over last, if ever.
    init(
        heldSince start: ContinuousClock.Instant, wasHandedOver: Bool, last: ContinuousClock.Instant?,
        using random: inout some RandomNumberGenerator
    ) {
        let rested = start + (wasHandedOver ? Self.longRest : Self.rest)
        self.notBefore = max(rested, last.map { $0 + Self.longRest } ?? rested)
        self.patience = Self.patience + .seconds(Double.random(in: 0..<8, using: &random))
    }

    /// Whom to hand over to now.
    func successor(among workers: LiveWorkers, at now: ContinuousClock.Instant) -> WorkerID? {
        guard now >= self.notBefore else { return nil }
        return workers.better(at: now, after: self.patience)
    }
}
