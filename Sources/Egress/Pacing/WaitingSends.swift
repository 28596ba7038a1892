/// The calls of one account that are not settled, in order: who could start, who waits until when, who is too late.
///
/// Knows nothing of rates. Every operation is O(log n).
struct WaitingSends: Sendable {
    /// A call that is not settled.
    struct Entry: Sendable {
        let offer: SendOffer
        /// Tries that counted, those before the offer included.
        fileprivate(set) var attempts: Int
        /// Waits of its own so far, for the length of the next.
        fileprivate(set) var retries = 0
        /// How often in a row its lane did not let it be written.
        fileprivate(set) var denials = 0
        /// No retry before this instant.
        fileprivate(set) var notBefore: ContinuousClock.Instant?
        fileprivate(set) var place = Place.waiting

        fileprivate init(_ offer: SendOffer) {
            self.offer = offer
            self.attempts = offer.attempts
        }
    }

    enum Place: Sendable {
        case waiting
        case inFlight
        /// May have been sent; whoever can tell has to be heard first.
        case inDoubt
    }

    private enum Timer: Hashable, Sendable {
        case tooLate(SendTicket)
        case retry(SendTicket)
        case pair(String)
    }

    /// Pairs without a call that are remembered for their next wait's sake, at most.
    static let rememberedPairs = 10_000

    private var entries: [SendTicket: Entry] = [:]
    private var pairs: [String: PairQueue] = [:]
    private var ready = [ReadyLine(), ReadyLine()]
    private var timers = PriorityHeap<Timer, ContinuousClock.Instant>()
    /// Calls of each lane whose place is `waiting`.
    private var waiting = [0, 0]
    /// Calls whose place is `inDoubt`.
    private(set) var doubtCount = 0

    /// Pairs in memory.
    var pairCount: Int { self.pairs.count }
    /// When something here changes by itself; `nil`: never.
    var nextChange: ContinuousClock.Instant? { self.timers.first?.priority }
    var hasReadySends: Bool { self.ready.contains(where: \.hasSends) }
    var hasReadyOthers: Bool { self.ready.contains(where: \.hasOthers) }

    subscript(_ ticket: SendTicket) -> Entry? { self.entries[ticket] }

    /// How many calls of a lane wait, for whatever reason; those in flight or in doubt not.
    func count(_ lane: SendLane) -> Int { self.waiting[lane.rawValue] }

    /// Puts a new call behind all others of its pair.
    mutating func add(_ ticket: SendTicket, _ offer: SendOffer, at now: ContinuousClock.Instant) {
        self.entries[ticket] = Entry(offer)
        if offer.isInDoubt { self.holdInDoubt(ticket, at: now) } else { self.enter(ticket, at: now) }
    }

    /// Puts a call that was in flight or in doubt back to the head of its pair, for a retry.
    ///
    /// - Parameters:
    ///   - notBefore: the first instant at which it may start again, where it waits by itself; `nil`: as soon as its
    ///     pair and the rate allow.
    ///   - isDenied: whether it was its lane that did not let it be written: the wait is none of its retries.
    mutating func putBack(
        _ ticket: SendTicket, notBefore: ContinuousClock.Instant?, isDenied: Bool = false,
        at now: ContinuousClock.Instant
    ) {
        if self.entries[ticket]?.place == .inDoubt { self.doubtCount -= 1 }
        self.entries[ticket]?.place = .waiting
        self.entries[ticket]?.notBefore = notBefore
        if isDenied {
            self.entries[ticket]?.denials += 1
        } else {
            self.entries[ticket]?.denials = 0
            if notBefore != nil { self.entries[ticket]?.retries += 1 }
        }
        self.enter(ticket, at: now)
    }

    /// Counts a try of a call among its attempts.
    mutating func countAttempt(_ ticket: SendTicket) {
        self.entries[ticket]?.attempts += 1
    }

    /// Keeps a call, and what stands behind it in its lane, until it is known whether it was sent.
    mutating func holdInDoubt(_ ticket: SendTicket, at now: ContinuousClock.Instant) {
        guard self.entries[ticket] != nil else { return }
        self.entries[ticket]?.place = .inDoubt
        self.doubtCount += 1
        guard let offer = self.entries[ticket]?.offer, let pair = offer.pair else { return }
        self.pairs[pair, default: PairQueue()].insert(ticket, offer.lane)
        self.refresh(pair, at: now)
    }

    /// Takes a call away for good.
    mutating func remove(_ ticket: SendTicket, at now: ContinuousClock.Instant) {
        guard let entry = self.entries.removeValue(forKey: ticket) else { return }
        let offer = entry.offer
        if entry.place == .waiting { self.waiting[offer.lane.rawValue] -= 1 }
        if entry.place == .inDoubt { self.doubtCount -= 1 }
        self.timers.remove(.tooLate(ticket))
        if let pair = offer.pair {
            self.pairs[pair]?.remove(ticket, offer.lane)
            self.refresh(pair, at: now)
        } else {
            self.timers.remove(.retry(ticket))
            self.ready[offer.lane.rawValue].remove(ticket)
        }
    }

    /// Takes away all requests that wait, oldest first: O(n), for the moment in which an account pauses.
    mutating func removeWaitingRequests(at now: ContinuousClock.Instant) -> [SendTicket] {
        let requests = self.entries.filter { $0.value.offer.lane == .request && $0.value.place == .waiting }
        let tickets = requests.keys.sorted()
        for ticket in tickets { self.remove(ticket, at: now) }
        return tickets
    }

    /// Makes this pair wait, after error 131056.
    mutating func beginPairWait(
        _ ticket: SendTicket, _ retry: GraphRetry, callStarted: ContinuousClock.Instant,
        at now: ContinuousClock.Instant, using random: inout some RandomNumberGenerator
    ) {
        guard let pair = self.entries[ticket]?.offer.pair else { return }
        _ = self.pairs[pair]?.wait.begin(retry, callStarted: callStarted, at: now, using: &random)
    }

    /// The pair's call was accepted: its next wait is a first one again.
    mutating func endPairWait(_ ticket: SendTicket, callStarted: ContinuousClock.Instant) {
        guard let pair = self.entries[ticket]?.offer.pair else { return }
        self.pairs[pair]?.wait.succeeded(callStarted: callStarted)
    }

    /// When the pair's wait is over, `nil` where there is none.
    func pairWaitEnd(_ ticket: SendTicket) -> ContinuousClock.Instant? {
        self.entries[ticket]?.offer.pair.flatMap { self.pairs[$0]?.wait.end }
    }

    /// Lets the time pass.
    ///
    /// - Returns: the calls for which it is too late; they are gone.
    mutating func ripen(at now: ContinuousClock.Instant) -> [SendTurn.Expired] {
        var late: [SendTurn.Expired] = []
        while let timer = self.timers.first, timer.priority <= now {
            self.timers.remove(timer.element)
            switch timer.element {
            case .tooLate(let ticket):
                late.append(SendTurn.Expired(ticket: ticket, attempts: self.entries[ticket]?.attempts ?? 0))
                self.remove(ticket, at: now)
            case .retry(let ticket):
                guard let offer = self.entries[ticket]?.offer else { continue }
                self.ready[offer.lane.rawValue].insert(ticket, isSend: offer.countsForRate)
            case .pair(let pair):
                self.refresh(pair, at: now)
            }
        }
        return late
    }

    /// Takes the next call that may start in flight, the request lane first.
    mutating func startNext(
        sends maySend: Bool, others mayCall: Bool, at now: ContinuousClock.Instant
    ) -> (ticket: SendTicket, offer: SendOffer)? {
        for lane in SendLane.allCases {
            guard let turn = self.ready[lane.rawValue].next(sends: maySend, others: mayCall) else { continue }
            let ticket: SendTicket
            switch turn {
            case .call(let call): ticket = call
            case .pair(let pair):
                guard let head = self.pairs[pair]?.start(lane) else { continue }
                ticket = head
                self.refresh(pair, at: now)
            }
            guard let offer = self.entries[ticket]?.offer else { continue }
            self.timers.remove(.tooLate(ticket))
            self.entries[ticket]?.place = .inFlight
            self.waiting[lane.rawValue] -= 1
            return (ticket, offer)
        }
        return nil
    }

    private mutating func enter(_ ticket: SendTicket, at now: ContinuousClock.Instant) {
        guard let entry = self.entries[ticket] else { return }
        self.waiting[entry.offer.lane.rawValue] += 1
        if let writeBy = entry.offer.writeBy { self.timers.set(.tooLate(ticket), writeBy) }
        if let pair = entry.offer.pair {
            self.pairs[pair, default: PairQueue()].insert(ticket, entry.offer.lane)
            self.refresh(pair, at: now)
        } else if let notBefore = entry.notBefore, notBefore > now {
            self.timers.set(.retry(ticket), notBefore)
        } else {
            self.ready[entry.offer.lane.rawValue].insert(ticket, isSend: entry.offer.countsForRate)
        }
    }

    /// Brings the ready lines and the timer of a pair in line with what has become of it, and forgets an idle one.
    private mutating func refresh(_ pair: String, at now: ContinuousClock.Instant) {
        guard let isIdle = self.pairs[pair]?.isIdle else { return }
        var change: ContinuousClock.Instant?
        for lane in SendLane.allCases {
            let start = self.firstStart(pair, lane, at: now)
            if let start, start <= now {
                self.ready[lane.rawValue].insert(pair: pair)
                continue
            }
            self.ready[lane.rawValue].remove(pair: pair)
            if let start { change = min(change ?? start, start) }
        }
        if isIdle {
            change = self.pairs[pair]?.forgetAt
            let isRemembered = change.map { $0 > now } ?? false
            if !isRemembered || self.pairs.count > self.entries.count + Self.rememberedPairs {
                self.pairs[pair] = nil
                change = nil
            }
        }
        if let change { self.timers.set(.pair(pair), change) } else { self.timers.remove(.pair(pair)) }
    }

    /// When the pair's first call in a lane may start: not after `now` where it may now; `nil`: not before something
    /// else has happened.
    private func firstStart(
        _ pair: String, _ lane: SendLane, at now: ContinuousClock.Instant
    ) -> ContinuousClock.Instant? {
        guard let queue = self.pairs[pair], queue.inFlight == nil, let head = queue.head(lane),
            let entry = self.entries[head], entry.place == .waiting
        else { return nil }
        let waits = [queue.wait.end, entry.notBefore].compactMap { $0 }
        return waits.max() ?? now
    }
}
