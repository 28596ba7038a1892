/// A standby's part in the contest for a lease, as a value: when to look at it, and when to claim it.
///
/// It does not poll. Refreshes and releases pass by as messages, and only once they have failed to come for a term does
/// it look. What passes by is a hint: whether a claim succeeds is the store's to say, by compare-and-set.
struct Contest: Sendable {
    enum Step: Hashable, Sendable {
        /// See what the bucket holds.
        case look
        /// Make itself known to the holder and the others.
        case announce
        case wait(until: ContinuousClock.Instant)
    }

    /// The claim to be made now.
    struct Claim: Hashable, Sendable {
        /// The revision that it follows; 0 where there is none.
        let revision: UInt64
        /// Whether a holder has given the lease to this worker because the account prefers it.
        let isHandedOver: Bool
    }

    /// How long what was released to another is left to that one.
    static let reservation = Duration.milliseconds(500)
    /// From one sign of life to the next.
    private static let announcement = Duration.seconds(10)
    /// A release that was heard of is in the store a moment later.
    private static let lag = Duration.milliseconds(50)
    /// Looks in a row at a lease that should have ended: the store's clock may tick late.
    private static let looks: [Duration] = [.milliseconds(200), .milliseconds(200), .milliseconds(400), .seconds(1)]
    private static let failures: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2), .seconds(5)]

    private let worker: WorkerID
    private var term: LeaseTerm
    /// 0…1; workers that wait for one thing do not all come at once.
    private let spread: Double
    /// Whether the account prefers no live worker to this one: it then comes first when the holder is silent.
    var isPreferred = true

    private var nextLook: ContinuousClock.Instant
    private var nextAnnouncement: ContinuousClock.Instant
    private var hasLooked = false
    /// The revision found by the last of the looks in a row; a holder that nothing is heard of changes it.
    private var staleRevision: UInt64?
    private var looksInARow = 0
    private var failuresInARow = 0
    /// Looks that may still find the lease as it was before a release that was heard of.
    private var lagLeft = 0
    /// Since the last look began: what was claimed after it may have been given up again.
    private var hasHeardOfRelease = false
    /// Until when the lease is left to the one that it was released to.
    private var reservedUntil: ContinuousClock.Instant?

    init(
        of worker: WorkerID, for term: LeaseTerm = .standard, at now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) {
        self.worker = worker
        self.term = term
        self.spread = Double.random(in: 0..<1, using: &random)
        self.nextLook = now
        self.nextAnnouncement = now
    }

    mutating func next(at now: ContinuousClock.Instant) -> Step {
        if self.nextAnnouncement <= now { return .announce }
        if self.nextLook <= now {
            self.hasHeardOfRelease = false
            return .look
        }
        return .wait(until: min(self.nextAnnouncement, self.nextLook))
    }

    mutating func announced(at now: ContinuousClock.Instant) {
        self.nextAnnouncement = now + Self.announcement * (0.9 + 0.2 * self.spread)
    }

    /// A record has passed by, stored or refused. Answers whether there is something to do earlier than before.
    mutating func heard(_ record: LeaseRecord, at now: ContinuousClock.Instant) -> Bool {
        guard record.worker != self.worker else { return false }
        switch record.state {
        case .claimed:
            return false
        case .held:
            self.isAlive(at: now)
            return false
        case .released, .handedOver:
            self.isReleased(to: record.state.next, at: now)
            self.hasHeardOfRelease = true
            self.lagLeft = self.nextLook <= now ? 4 : 0
            return true
        }
    }

    /// A look has shown what the bucket holds; answers the claim that is to be made now, if any.
    mutating func looked(_ found: FoundLease?, term: LeaseTerm, at now: ContinuousClock.Instant) -> Claim? {
        self.term = term
        self.failuresInARow = 0
        defer { self.hasLooked = true }
        guard let found else { return Claim(revision: 0, isHandedOver: false) }
        guard let record = found.record, record.isRelease || record.worker == self.worker else {
            self.isHeld(found, at: now)
            return nil
        }
        guard record.isRelease else {
            // A claim or refresh of our own that has had no answer: nobody else has come in between.
            return Claim(revision: found.revision, isHandedOver: false)
        }
        if self.reservedUntil == nil { self.isReleased(to: record.state.next, at: now) }
        if let reservedUntil, now < reservedUntil {
            self.nextLook = reservedUntil
            return nil
        }
        return Claim(revision: found.revision, isHandedOver: record.state == .handedOver(to: self.worker))
    }

    /// The store has refused the claim: another was first.
    mutating func refused(at now: ContinuousClock.Instant) {
        guard !self.hasHeardOfRelease else { return }
        self.forgetLooks()
        self.lagLeft = 0
        self.nextLook = now + .seconds(0.8 + 0.4 * self.spread)
    }

    /// A look or a claim has failed, or its end is unknown.
    ///
    /// - Parameter isDisconnected: that costs nothing to find out, and may end at any moment.
    mutating func failed(at now: ContinuousClock.Instant, isDisconnected: Bool) {
        self.nextLook = now + Self.failures[isDisconnected ? 0 : self.failuresInARow] * (0.8 + 0.4 * self.spread)
        self.failuresInARow = min(self.failuresInARow + 1, Self.failures.count - 1)
    }

    private mutating func isHeld(_ found: FoundLease, at now: ContinuousClock.Instant) {
        let isNew = self.staleRevision.map { $0 != found.revision } ?? (found.record?.state == .claimed)
        if self.lagLeft > 0 {
            self.lagLeft -= 1
            self.nextLook = now + Self.lag
        } else if !self.hasLooked || isNew {
            self.isAlive(at: now)
        } else {
            self.staleRevision = found.revision
            self.nextLook = now + Self.looks[self.looksInARow]
            self.looksInARow = min(self.looksInARow + 1, Self.looks.count - 1)
        }
    }

    /// The holder was alive a moment ago: without further signs the lease ends a term from now.
    private mutating func isAlive(at now: ContinuousClock.Instant) {
        self.forgetLooks()
        self.reservedUntil = nil
        self.lagLeft = 0
        let further = self.isPreferred ? 50 + 50 * self.spread : 300 + 200 * self.spread
        self.nextLook = now + self.term.length + .milliseconds(1) * further
    }

    private mutating func isReleased(to next: WorkerID?, at now: ContinuousClock.Instant) {
        self.forgetLooks()
        self.reservedUntil = next == nil || next == self.worker ? now : now + Self.reservation
        self.nextLook = self.reservedUntil ?? now
    }

    private mutating func forgetLooks() {
        self.staleRevision = nil
        self.looksInARow = 0
    }
}
