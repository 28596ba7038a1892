/// Decides which call of an account starts when, for one worker: the front door of pacing.
///
/// The loop around it obeys: it offers what comes in and reports each call that was started as `finished`; after
/// either, and when `SendTurn.wake` has come, it asks `next` and does what that says. The same calls with the same
/// instants and random numbers give the same decisions. Every operation is O(log n) for each call it moves.
struct SendSchedule: Sendable {
    private struct Flight {
        let started: ContinuousClock.Instant
        var isCancelled = false
    }

    private let limits: SendLimits
    private var waiting = WaitingSends()
    private var flights: [SendTicket: Flight] = [:]
    private var pace: NumberPace
    private var account = AccountPause()
    /// What the next turn has to tell besides its own.
    private var news = SendTurn()
    private var offers: UInt64 = 0
    private var latest: ContinuousClock.Instant

    init(_ limits: SendLimits, at now: ContinuousClock.Instant) {
        self.limits = limits
        self.pace = NumberPace(ratePerSecond: limits.ratePerSecond, at: now)
        self.latest = now
    }

    /// How it stands at an instant.
    func counters(at now: ContinuousClock.Instant) -> SendCounters {
        SendCounters(
            waitingRequests: self.waiting.count(.request), waitingJobs: self.waiting.count(.queue),
            jobsInDoubt: self.waiting.doubtCount, inFlight: self.flights.count,
            ratePerSecond: self.pace.ratePerSecond(at: now),
            pause: self.account.answer, sendsWaitUntil: self.pace.waitEnd(forSend: true).flatMap { $0 > now ? $0 : nil }
        )
    }

    /// Recipient pairs in memory: those with calls, and at most 10,000 without that were throttled a while ago.
    var rememberedPairs: Int { self.waiting.pairCount }

    // MARK: What comes in

    /// Gives a call its place, behind all that its recipient has in the same lane.
    mutating func offer(_ offer: SendOffer, at now: ContinuousClock.Instant) -> SendAdmission {
        let now = self.advance(to: now)
        if offer.lane == .request {
            if let answer = self.account.answer { return .paused(answer) }
            guard self.waiting.count(.request) < self.limits.waitingRequests else { return .overloaded }
        } else if offer.attempts >= self.limits.attempts, !offer.isInDoubt {
            return .outOfAttempts
        }
        self.offers += 1
        let ticket = SendTicket(number: self.offers)
        self.waiting.add(ticket, offer, at: now)
        return .admitted(ticket)
    }

    /// Takes a call back.
    ///
    /// - Returns: whether it is gone. One in flight is not: `finished` has to come, and no retry follows.
    mutating func cancel(_ ticket: SendTicket, at now: ContinuousClock.Instant) -> Bool {
        let now = self.advance(to: now)
        guard self.flights[ticket] == nil else {
            self.flights[ticket]?.isCancelled = true
            return false
        }
        self.waiting.remove(ticket, at: now)
        return true
    }

    /// Whether a call that is in flight was taken back.
    func isTakenBack(_ ticket: SendTicket) -> Bool {
        self.flights[ticket]?.isCancelled ?? false
    }

    /// How many tries of a call have counted so far.
    func attempts(of ticket: SendTicket) -> Int {
        self.waiting[ticket]?.attempts ?? 0
    }

    /// Whether a call is in doubt.
    func isInDoubt(_ ticket: SendTicket) -> Bool {
        self.waiting[ticket]?.place == .inDoubt
    }

    /// Sends again after a pause: the token is a new one, or a probe has worked.
    mutating func resume(at now: ContinuousClock.Instant) {
        self.account.resume(at: self.advance(to: now))
    }

    /// Notes what Graph answered to a probe that has not worked.
    mutating func probeFailed(_ answer: GraphAnswer, at now: ContinuousClock.Instant) {
        let now = self.advance(to: now)
        if self.account.isPaused { _ = self.account.pause(answer, callStarted: now, at: now) }
    }

    // MARK: What is to be done

    /// Says what is to be done now, and when to ask again.
    mutating func next(at now: ContinuousClock.Instant) -> SendTurn {
        let now = self.advance(to: now)
        var turn = self.news
        self.news = SendTurn()
        turn.expired = self.waiting.ripen(at: now)
        turn.isProbeDue = self.account.takeProbe(at: now)
        while self.mayStart {
            let maySend = self.waiting.hasReadySends && self.pace.opening(forSend: true, at: now) <= now
            let mayCall = self.waiting.hasReadyOthers && self.pace.opening(forSend: false, at: now) <= now
            guard let (ticket, offer) = self.waiting.startNext(sends: maySend, others: mayCall, at: now) else { break }
            self.pace.started(send: offer.countsForRate, at: now)
            self.flights[ticket] = Flight(started: now)
            turn.starts.append(ticket)
        }
        turn.wake = self.wake(at: now)
        return turn
    }

    private var mayStart: Bool { !self.account.isPaused && self.flights.count < self.limits.inFlight }

    private mutating func wake(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        var wakes = [self.waiting.nextChange, self.account.nextProbe].compactMap { $0 }
        if self.mayStart {
            if self.waiting.hasReadySends { wakes.append(self.pace.opening(forSend: true, at: now)) }
            if self.waiting.hasReadyOthers { wakes.append(self.pace.opening(forSend: false, at: now)) }
        }
        return wakes.min()
    }

    // MARK: What became of it

    /// Takes in what became of a call that was started.
    mutating func finished(
        _ ticket: SendTicket, _ verdict: GraphVerdict, at now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) -> SendAftermath {
        let now = self.advance(to: now)
        guard let flight = self.flights.removeValue(forKey: ticket), let offer = self.waiting[ticket]?.offer else {
            preconditionFailure("only a call that was started can finish, and once")
        }
        self.heed(verdict, ticket, offer, started: flight.started, at: now, using: &random)
        if verdict.countsAsAttempt { self.waiting.countAttempt(ticket) }
        let isRequest = offer.lane == .request
        switch verdict {
        case .done, .giveUp:
            return self.remove(ticket, .settled, at: now)
        case .doubtful where isRequest, .pauseAccount where isRequest:
            return self.remove(ticket, .settled, at: now)
        case .retry(let retry) where isRequest && (retry.countsAsAttempt || self.account.isPaused):
            // What has reached Graph is the requester's to try again, and a paused account lets nobody wait.
            return self.remove(ticket, .settled, at: now)
        case _ where flight.isCancelled:
            return self.remove(ticket, .withdrawn, at: now)
        case .doubtful:
            self.waiting.holdInDoubt(ticket, at: now)
            return SendAftermath(fate: .inDoubt, attempts: self.waiting[ticket]?.attempts ?? 0)
        case .pauseAccount:
            return self.putBack(ticket, notBefore: nil, at: now)
        case .retry(let retry):
            return self.tryAgain(ticket, retry, at: now, using: &random)
        case .denied:
            return self.askAgain(ticket, at: now, using: &random)
        }
    }

    /// Takes in what is known now of a call in doubt: `done`, `giveUp`, or that it is to be tried again.
    mutating func resolve(
        _ ticket: SendTicket, _ verdict: GraphVerdict, at now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) -> SendAftermath {
        let now = self.advance(to: now)
        precondition(self.waiting[ticket]?.place == .inDoubt, "only a call in doubt can be resolved")
        guard case .retry(let retry) = verdict else { return self.remove(ticket, .settled, at: now) }
        return self.tryAgain(ticket, retry, at: now, using: &random)
    }

    /// Draws from a verdict what concerns more than the call itself.
    private mutating func heed(
        _ verdict: GraphVerdict, _ ticket: SendTicket, _ offer: SendOffer, started: ContinuousClock.Instant,
        at now: ContinuousClock.Instant, using random: inout some RandomNumberGenerator
    ) {
        switch verdict {
        case .doubtful, .denied: return
        case .done:
            self.pace.answered(isAccepted: true, send: offer.countsForRate, started: started, at: now)
            self.waiting.endPairWait(ticket, callStarted: started)
        case .giveUp:
            self.pace.answered(isAccepted: false, send: offer.countsForRate, started: started, at: now)
        case .pauseAccount(let answer):
            self.pace.answered(isAccepted: false, send: offer.countsForRate, started: started, at: now)
            guard self.account.pause(answer, callStarted: started, at: now) else { return }
            self.news.pause = answer
            self.news.refused += self.waiting.removeWaitingRequests(at: now)
        case .retry(let retry):
            // A call whose time ran out before it was written says nothing about the connection.
            if retry.hold == .connection, let writeBy = offer.writeBy, writeBy <= now { return }
            self.pace.refused(ticket, retry, send: offer.countsForRate, started: started, at: now, using: &random)
            if retry.hold == .pair {
                self.waiting.beginPairWait(ticket, retry, callStarted: started, at: now, using: &random)
            }
        }
    }

    private mutating func tryAgain(
        _ ticket: SendTicket, _ retry: GraphRetry, at now: ContinuousClock.Instant,
        using random: inout some RandomNumberGenerator
    ) -> SendAftermath {
        guard let entry = self.waiting[ticket] else { preconditionFailure("a call to be retried is known") }
        guard entry.attempts < self.limits.attempts else { return self.remove(ticket, .outOfAttempts, at: now) }
        var notBefore: ContinuousClock.Instant?
        if retry.hold == .call || retry.hold == .pair && entry.offer.pair == nil {
            if let retries = retry.delays.retries, entry.retries >= retries {
                return self.remove(ticket, .outOfAttempts, at: now)
            }
            notBefore = now + retry.delays.draw(retry: entry.retries, atLeast: retry.atLeast, using: &random)
        }
        let waits = [
            notBefore, self.waiting.pairWaitEnd(ticket), self.pace.waitEnd(forSend: entry.offer.countsForRate),
        ]
        let earliest = waits.compactMap { $0 }.reduce(now, max)
        if let writeBy = entry.offer.writeBy, writeBy <= earliest { return self.remove(ticket, .outOfTime, at: now) }
        return self.putBack(ticket, notBefore: notBefore, at: now)
    }

    /// The token that the try took is not given back: else thousands of jobs whose lane denies them would ask at once.
    private mutating func askAgain(
        _ ticket: SendTicket, at now: ContinuousClock.Instant, using random: inout some RandomNumberGenerator
    ) -> SendAftermath {
        guard let entry = self.waiting[ticket] else { preconditionFailure("a call to be retried is known") }
        if let writeBy = entry.offer.writeBy, writeBy <= now { return self.remove(ticket, .outOfTime, at: now) }
        let notBefore = now + RetryDelays.denied.draw(retry: entry.denials, atLeast: .zero, using: &random)
        return self.putBack(ticket, notBefore: notBefore, isDenied: true, at: now)
    }

    private mutating func putBack(
        _ ticket: SendTicket, notBefore: ContinuousClock.Instant?, isDenied: Bool = false,
        at now: ContinuousClock.Instant
    ) -> SendAftermath {
        let entry = self.waiting[ticket]
        self.waiting.putBack(ticket, notBefore: notBefore, isDenied: isDenied, at: now)
        let waits = [
            notBefore, self.waiting.pairWaitEnd(ticket),
            self.pace.waitEnd(forSend: entry?.offer.countsForRate ?? true),
        ]
        return SendAftermath(
            fate: .waits(until: waits.compactMap { $0 }.reduce(now, max)), attempts: entry?.attempts ?? 0)
    }

    private mutating func remove(
        _ ticket: SendTicket, _ fate: SendAftermath.Fate, at now: ContinuousClock.Instant
    ) -> SendAftermath {
        let attempts = self.waiting[ticket]?.attempts ?? 0
        self.waiting.remove(ticket, at: now)
        return SendAftermath(fate: fate, attempts: attempts)
    }

    /// Time does not go back, whatever the caller says.
    private mutating func advance(to now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        self.latest = max(self.latest, now)
        return self.latest
    }
}
