import TestSupport

/// All that was offered to the ingress and what it answered, as a value.
struct LoadRecord: Sendable {
    private(set) var webhooks: [PostedWebhook] = []
    /// Numbers of the webhooks that were answered 200 at least once.
    private(set) var accepted: Set<Int> = []
    /// Numbers of the webhooks that were never answered otherwise before they were answered 200.
    private(set) var acceptedAtOnce: Set<Int> = []
    /// When webhooks were answered 200, in order.
    private(set) var acceptances: [ContinuousClock.Instant] = []
    private(set) var tally = AttemptTally()
    /// The longest time from sending a request to its answer.
    private(set) var slowest = Duration.zero
    /// The same, of requests sent since the latest phase began.
    private(set) var slowestOfPhase = Duration.zero
    private var phaseBegin: ContinuousClock.Instant?
    /// Posts of a webhook that was answered 200, or is being posted, already.
    private(set) var repeats = 0
    /// What an ingress must never answer, whatever happens to it; the first twenty.
    private(set) var violations: [String] = []
    private(set) var offeringSince: ContinuousClock.Instant?
    private(set) var offeringUntil: ContinuousClock.Instant?
    private var refused: Set<Int> = []
    /// Every attempt at a webhook, by its number.
    private var histories: [Int: [String]] = [:]

    mutating func offered(_ webhook: PostedWebhook, at now: ContinuousClock.Instant) {
        self.webhooks.append(webhook)
        self.offeringSince = self.offeringSince ?? now
        self.offeringUntil = now
    }

    /// Begins to look for the slowest answer anew.
    mutating func beginPhase(at now: ContinuousClock.Instant) {
        self.phaseBegin = now
        self.slowestOfPhase = .zero
    }

    mutating func repeated() { self.repeats += 1 }

    mutating func tried(
        _ webhook: PostedWebhook, _ attempt: Attempt, took: Duration, at now: ContinuousClock.Instant
    ) {
        switch attempt {
        case .answered(let reply):
            self.answered(reply)
            self.slowest = max(self.slowest, took)
            if let phaseBegin, now - took >= phaseBegin { self.slowestOfPhase = max(self.slowestOfPhase, took) }
        case .cut(isReused: true): self.tally.cutReused += 1
        case .cut(isReused: false): self.tally.cutFresh += 1
        case .refused(let reason):
            self.tally.refused += 1
            self.violate("a connection was refused: \(reason)")
        case .unanswered(let what): self.violate(what)
        }
        let number = webhook.number
        if let start = self.offeringSince {
            self.histories[number, default: []].append(
                "\(attempt) \((now - took - start).rounded)–\((now - start).rounded)")
        }
        guard attempt.isAccepted else {
            // What is posted twice at once may be stored by the post that failed.
            if !self.accepted.contains(number) || webhook.repetition == .atOnce {
                self.refused.insert(number)
                self.acceptedAtOnce.remove(number)
            }
            return
        }
        self.acceptances.append(now)
        self.accepted.insert(number)
        if !self.refused.contains(number) { self.acceptedAtOnce.insert(number) }
    }

    /// What came of each attempt at a webhook, and when, counted from the first offer.
    func history(of number: Int) -> String { self.histories[number, default: []].joined(separator: ", ") }

    /// When the first webhook after that moment was answered 200.
    func firstAcceptance(after start: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        guard let last = self.acceptances.last, last > start else { return nil }
        // From the end: what is asked for was a moment ago.
        let index = self.acceptances.lastIndex { $0 <= start }
        return self.acceptances[index.map { $0 + 1 } ?? 0]
    }

    /// The longest time without any 200 while webhooks were offered.
    var longestRefusal: Duration {
        guard let since = self.offeringSince, let until = self.offeringUntil else { return .zero }
        let moments = [since] + self.acceptances.filter { $0 < until } + [until]
        return zip(moments, moments.dropFirst()).map { $1 - $0 }.max() ?? .zero
    }

    private mutating func answered(_ reply: HTTPReply) {
        switch reply.status {
        case 200:
            self.tally.accepted += 1
        case 503:
            self.tally.unavailable += 1
            if reply[header: "Retry-After"].flatMap({ Int($0) }) == nil { self.violate("a 503 without Retry-After") }
        case 408:
            self.tally.timedOut += 1
        default:
            self.violate("answered \(reply.status)")
        }
    }

    private mutating func violate(_ what: String) {
        if self.violations.count < 20 { self.violations.append(what) }
    }
}
