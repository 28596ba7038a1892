import Daemon

/// A lease that is held, as a value: when to refresh it, and until when it can be relied upon.
///
/// Each record names the revision that it follows. A refresh without an answer may have been stored or not: the next
/// one is refused if it was, and a look at the record then tells which.
struct Holding: Sendable {
    enum Step: Hashable, Sendable {
        /// Write a refresh with that beat. The term counts from the instant at which this step was asked for.
        case refresh(beat: Int, after: UInt64)
        /// See what the bucket holds.
        case look
        case wait(until: ContinuousClock.Instant)
        /// No refresh got through in time, or another has the lease: for good.
        case lost
    }

    /// What came of a refresh.
    enum Answer: Hashable, Sendable {
        case stored(revision: UInt64)
        case refused
        /// No answer, or none that tells.
        case unknown
    }

    /// From a refresh without an answer to the next.
    private static let pause = Duration.milliseconds(200)

    let worker: WorkerID
    let term: LeaseTerm
    /// No send may be written from this instant on.
    private(set) var writeBy: ContinuousClock.Instant
    /// The lease's latest revision, as far as it is known here.
    private(set) var revision: UInt64
    /// The latest beat that was used; the claim's is 0.
    private(set) var beat = 0
    private var nextTry: ContinuousClock.Instant
    private let grid: TimeGrid?
    /// When the refreshes that have no answer were begun, by their beats.
    private var unanswered: [Int: ContinuousClock.Instant] = [:]
    private var mustLook = false
    private var isLost = false

    /// - Parameters:
    ///   - sent: an instant before the claim was sent.
    ///   - grid: refreshes that bring what is hoped for are followed by one at an instant of it, the latest that is not too
    ///     late.
    init(
        by worker: WorkerID, for term: LeaseTerm, revision: UInt64, claimSent sent: ContinuousClock.Instant,
        on grid: TimeGrid? = nil
    ) {
        self.worker = worker
        self.term = term
        self.revision = revision
        self.writeBy = term.writeBy(after: sent)
        self.grid = grid
        self.nextTry = sent
        self.nextTry = self.refreshTime(after: sent)
    }

    mutating func next(at now: ContinuousClock.Instant) -> Step {
        guard !self.isLost, now < self.writeBy else {
            self.isLost = true
            return .lost
        }
        guard now >= self.nextTry else { return .wait(until: min(self.nextTry, self.writeBy)) }
        if self.mustLook { return .look }
        self.beat += 1
        self.unanswered[self.beat] = now
        return .refresh(beat: self.beat, after: self.revision)
    }

    /// A refresh has come to its end.
    mutating func answered(_ beat: Int, _ answer: Answer, at now: ContinuousClock.Instant) {
        switch answer {
        case .stored(let revision):
            self.stored(beat, revision: revision, at: now)
        case .refused:
            self.mustLook = true
            self.nextTry = now
        case .unknown:
            self.nextTry = now + Self.pause
        }
    }

    /// A look has shown what the bucket holds.
    mutating func found(_ found: FoundLease?, at now: ContinuousClock.Instant) {
        guard let found, let record = found.record, record.worker == self.worker, !record.isRelease else {
            self.isLost = true
            return
        }
        self.mustLook = false
        if found.revision == self.revision {
            // The refusal is not explained yet.
            self.nextTry = now + Self.pause
        } else {
            self.stored(record.beat, revision: found.revision, at: now)
            self.nextTry = now
        }
    }

    /// A look has failed.
    mutating func lookFailed(at now: ContinuousClock.Instant) {
        self.nextTry = now + Self.pause
    }

    private mutating func stored(_ beat: Int, revision: UInt64, at now: ContinuousClock.Instant) {
        self.revision = revision
        guard let sent = self.unanswered[beat] else { return }
        // Whatever was sent before or after it followed an older revision, and cannot be stored any more.
        self.unanswered = [:]
        // What has been over once stays over.
        if now < self.writeBy { self.writeBy = max(self.writeBy, self.term.writeBy(after: sent)) }
        self.nextTry = self.refreshTime(after: sent)
    }

    private func refreshTime(after sent: ContinuousClock.Instant) -> ContinuousClock.Instant {
        let latest = sent + self.term.refreshInterval
        return self.grid?.last(by: latest) ?? latest
    }
}

/// What a look at the bucket has found of a lease.
struct FoundLease: Hashable, Sendable {
    let revision: UInt64
    /// `nil` where it is unreadable: somebody else's, in any case.
    let record: LeaseRecord?
}
