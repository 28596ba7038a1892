/// What the simulator accepted and the dead letters hold, held against what was stored.
struct JobAudit: Sendable {
    /// A message that the simulator accepted.
    struct Acceptance: Hashable, Sendable {
        let jobID: String
        /// Whether the whole answer went out.
        let isAnswered: Bool
        let at: ContinuousClock.Instant
    }

    /// All that an audit looks at.
    struct Evidence: Sendable {
        var stored: [JobLoad.Stored] = []
        /// In the order in which they were accepted.
        var accepted: [Acceptance] = []
        var letters: [ChaosLetter] = []
        /// The jobs that were told as sent.
        var sent: [String] = []
        /// When processes were being disturbed.
        var disruptions: [Range<ContinuousClock.Instant>] = []
        /// How long a call may take.
        var graphTimeout = Duration.seconds(2)
        /// `EGRESS_MAX_ATTEMPTS`.
        var attempts = 4
    }

    /// What a round must not have.
    enum Finding: String, Hashable, Sendable, CaseIterable {
        case lost = "neither accepted nor dead"
        case twice = "accepted twice, and not to be repeated"
        case undoubted = "accepted twice without having been in doubt"
        case unheard = "accepted twice, though a status webhook tells"
        case deadAfterAll = "accepted, and dead with another reason than 'unknown outcome'"
        case unknownThoughTold = "dead with 'unknown outcome', though a status webhook tells"
        case unknownThoughRepeatable = "dead with 'unknown outcome', though it was to be repeated"
        case deadTwice = "dead twice"
        case strangeReason = "dead with a reason that nothing gave"
        case strange = "never stored"
        case disordered = "accepted after a later one for the same recipient"
        case storedTwice = "stored twice"
        case toldUnsent = "told as sent, and never accepted"
    }

    /// The jobs that each is about, in the order of the stream.
    private(set) var findings: [Finding: [String]] = [:]
    /// How many jobs ended in each way.
    private(set) var outcomes: [String: Int] = [:]

    private let evidence: Evidence
    private let acceptances: [String: [Acceptance]]
    private let letters: [String: [ChaosLetter]]

    init(_ evidence: Evidence) {
        self.evidence = evidence
        self.acceptances = Dictionary(grouping: evidence.accepted, by: \.jobID)
        self.letters = Dictionary(grouping: evidence.letters, by: \.jobID)
        for stored in evidence.stored { self.judge(stored.job) }
        self.judgeOrder()
        self.judgeStrangers()
    }

    var isClean: Bool { self.findings.isEmpty }

    /// Every job that something is wrong with.
    var suspects: Set<String> { Set(self.findings.values.joined()) }

    private mutating func find(_ finding: Finding, _ id: String) { self.findings[finding, default: []].append(id) }

    private mutating func judge(_ job: ChaosJob) {
        let accepted = self.acceptances[job.id] ?? []
        let letters = self.letters[job.id] ?? []
        let reason = letters.first?.reason
        self.outcomes[Self.outcome(of: accepted.count, reason), default: 0] += 1
        if accepted.isEmpty, letters.isEmpty { self.find(.lost, job.id) }
        if letters.count > 1 { self.find(.deadTwice, job.id) }
        if accepted.count > 1 { self.judgeRepeat(of: job, accepted) }
        switch reason {
        case nil: break
        case "unknown outcome":
            // One that was repeated in doubt, and then refused until its attempts were over, is of unknown outcome too.
            if job.mayRepeat, letters[0].attempts < self.evidence.attempts {
                self.find(.unknownThoughRepeatable, job.id)
            }
            if !accepted.isEmpty, job.canBeSettled { self.find(.unknownThoughTold, job.id) }
        case "out of attempts":
            // One that was repeated in doubt may have been accepted before, and nobody can tell.
            if !accepted.isEmpty, !job.mayRepeat || job.canBeSettled { self.find(.deadAfterAll, job.id) }
        default: self.find(.strangeReason, job.id)
        }
    }

    private static func outcome(of acceptances: Int, _ reason: String?) -> String {
        switch (acceptances, reason) {
        case (0, nil): "nothing"
        case (0, let reason?): "dead (\(reason))"
        case (1, nil): "accepted"
        case (let count, nil): "accepted \(count) times"
        case (let count, let reason?): "accepted \(count) times and dead (\(reason))"
        }
    }

    private mutating func judgeRepeat(of job: ChaosJob, _ accepted: [Acceptance]) {
        if !job.mayRepeat { return self.find(.twice, job.id) }
        if job.canBeSettled { return self.find(.unheard, job.id) }
        let pairs = zip(accepted, accepted.dropFirst())
        if !pairs.allSatisfy({ self.canHaveBeenInDoubt($0, until: $1.at) }) { self.find(.undoubted, job.id) }
    }

    /// Whether an answer was kept back, may have come too late, or a process may not have lived to read it.
    private func canHaveBeenInDoubt(_ first: Acceptance, until repeated: ContinuousClock.Instant) -> Bool {
        if !first.isAnswered || repeated - first.at >= self.evidence.graphTimeout { return true }
        let time = first.at - self.evidence.graphTimeout..<repeated
        return self.evidence.disruptions.contains { $0.overlaps(time) }
    }

    /// A recipient's messages are accepted in the order of the stream, repeated ones too; what nobody could tell of
    /// may have been on its way when its successors were sent.
    private mutating func judgeOrder() {
        let places = Dictionary(
            self.evidence.stored.map { ($0.job.id, $0) }, uniquingKeysWith: { first, _ in first })
        var latest: [String: UInt64] = [:]
        for acceptance in self.evidence.accepted {
            guard let stored = places[acceptance.jobID], !self.isPastTelling(stored.job) else { continue }
            let pair = "\(stored.job.account.name) \(stored.job.recipient)"
            if let last = latest[pair], last > stored.sequence { self.find(.disordered, stored.job.id) }
            latest[pair] = max(latest[pair] ?? 0, stored.sequence)
        }
    }

    private func isPastTelling(_ job: ChaosJob) -> Bool {
        let isRepeated = (self.acceptances[job.id]?.count ?? 0) > 1
        return isRepeated || self.letters[job.id]?.first?.reason == "unknown outcome"
    }

    private mutating func judgeStrangers() {
        let known = Set(self.evidence.stored.map(\.job.id))
        for id in Set(self.acceptances.keys).union(self.letters.keys).subtracting(known).sorted() {
            self.find(.strange, id)
        }
        for id in Set(self.evidence.sent).sorted() where self.acceptances[id] == nil { self.find(.toldUnsent, id) }
        let sequences = self.evidence.stored.map(\.sequence)
        for (stored, before) in zip(self.evidence.stored.dropFirst(), sequences) where stored.sequence != before + 1 {
            self.find(.storedTwice, stored.job.id)
        }
    }
}
