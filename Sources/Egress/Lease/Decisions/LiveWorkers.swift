import Addressing

/// The other workers that stand by for one account, as far as they have made themselves known.
struct LiveWorkers: Sendable {
    private struct Sighting {
        /// Rendezvous hashing's, of its host.
        let weight: UInt64
        var first: ContinuousClock.Instant
        var latest: ContinuousClock.Instant
        var count = 1
    }

    /// Who has not been heard of for so long is gone; each makes itself known every 10 s.
    private static let lifetime = Duration.seconds(25)
    /// Nobody has so many workers for an account; more names than that are noise.
    private static let maximum = 64

    private let account: AccountName
    private let own: WorkerID
    private let ownWeight: UInt64
    private var sightings: [WorkerID: Sighting] = [:]

    /// - Parameter own: the worker that keeps this; it is never among them.
    init(of account: AccountName, besides own: WorkerID) {
        self.account = account
        self.own = own
        self.ownWeight = RendezvousHash.weight(of: account, for: own.host)
    }

    /// A worker has made itself known.
    mutating func heard(_ worker: WorkerID, at now: ContinuousClock.Instant) {
        guard worker != self.own else { return }
        self.sightings = self.sightings.filter { Self.isLive($0.value, at: now) }
        if var sighting = self.sightings[worker] {
            sighting.latest = now
            sighting.count += 1
            self.sightings[worker] = sighting
        } else if self.sightings.count < Self.maximum {
            let weight = RendezvousHash.weight(of: self.account, for: worker.host)
            self.sightings[worker] = Sighting(weight: weight, first: now, latest: now)
        }
    }

    /// A worker has said that it stands by no longer, or shows otherwise that it does not.
    mutating func left(_ worker: WorkerID) {
        self.sightings[worker] = nil
    }

    /// The one to release the lease to: of all that are live the one with the highest weight.
    func successor(at now: ContinuousClock.Instant) -> WorkerID? {
        self.best { Self.isLive($0, at: now) }
    }

    /// The one that the account prefers to this worker, once it has been known for `patience` and was heard again;
    /// workers of one host are equals.
    func better(at now: ContinuousClock.Instant, after patience: Duration) -> WorkerID? {
        self.best { sighting in
            sighting.weight > self.ownWeight && sighting.count > 1 && sighting.first + patience <= now
                && Self.isLive(sighting, at: now)
        }
    }

    /// Whether the account prefers no live worker to this one.
    func isOwnFirst(at now: ContinuousClock.Instant) -> Bool {
        !self.sightings.values.contains { $0.weight > self.ownWeight && Self.isLive($0, at: now) }
    }

    private func best(_ condition: (Sighting) -> Bool) -> WorkerID? {
        // Of equals, always the same one.
        self.sightings.filter { condition($0.value) }.max {
            ($0.value.weight, $0.key.description) < ($1.value.weight, $1.key.description)
        }?.key
    }

    private static func isLive(_ sighting: Sighting, at now: ContinuousClock.Instant) -> Bool {
        sighting.latest + self.lifetime > now
    }
}
