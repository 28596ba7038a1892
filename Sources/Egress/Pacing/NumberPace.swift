/// When calls of one account may start, whoever they are for: the number's rate, and the waits that many calls share.
///
/// Calls that count for the number's rate ('sends') and the others have waits of their own; both wait while Graph
/// cannot be reached.
struct NumberPace: Sendable {
    private var rate: SendRate
    private var bucket: TokenBucket
    private var accepted: AcceptedRate
    private var sends = SharedWait()
    private var others = SharedWait()
    private var connection = SharedWait()
    private var sendOverload = OverloadSpread()
    private var otherOverload = OverloadSpread()

    init(ratePerSecond: Double, at now: ContinuousClock.Instant) {
        self.rate = SendRate(configured: ratePerSecond)
        self.bucket = TokenBucket(perSecond: ratePerSecond, at: now)
        self.accepted = AcceptedRate(at: now)
    }

    /// Sends a second at an instant.
    func ratePerSecond(at now: ContinuousClock.Instant) -> Double {
        self.rate.perSecond(at: now)
    }

    /// When the wait that Graph asked for is over; `nil` where there is none.
    func waitEnd(forSend isSend: Bool) -> ContinuousClock.Instant? {
        let own = isSend ? self.sends.end : self.others.end
        guard let own, let shared = self.connection.end else { return own ?? self.connection.end }
        return max(own, shared)
    }

    /// When the next call may start; an instant that is not after `now` where it may start now.
    mutating func opening(forSend isSend: Bool, at now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        let end = self.waitEnd(forSend: isSend) ?? now
        guard isSend else { return end }
        self.bucket.change(perSecond: self.rate.perSecond(at: now), burst: self.rate.burst(at: now), at: now)
        return max(end, self.bucket.nextTake)
    }

    /// A call starts now, as `opening` allowed.
    mutating func started(send isSend: Bool, at now: ContinuousClock.Instant) {
        guard isSend else { return }
        let isTaken = self.bucket.take(at: now)
        precondition(isTaken, "a send starts only when its token is there")
    }

    /// Takes in that a call has to be tried again.
    mutating func refused(
        _ ticket: SendTicket, _ retry: GraphRetry, send isSend: Bool, started: ContinuousClock.Instant,
        at now: ContinuousClock.Instant, using random: inout some RandomNumberGenerator
    ) {
        let retry = self.spread(retry, ticket, send: isSend)
        if retry.hold != .connection { self.connection.succeeded(callStarted: started) }
        switch retry.hold {
        case .call, .pair: return
        case .connection: _ = self.connection.begin(retry, callStarted: started, at: now, using: &random)
        case .kind where !isSend: _ = self.others.begin(retry, callStarted: started, at: now, using: &random)
        case .kind:
            guard self.sends.begin(retry, callStarted: started, at: now, using: &random), retry.lowersRate,
                let end = self.sends.end
            else { return }
            self.bucket.change(perSecond: self.rate.perSecond(at: now), burst: self.rate.burst(at: now), at: now)
            self.rate.halve(at: now, climbingFrom: end, accepted: self.accepted.perSecond(at: now))
        }
    }

    /// Takes in that Graph has answered, and whether it accepted the call.
    mutating func answered(
        isAccepted: Bool, send isSend: Bool, started: ContinuousClock.Instant, at now: ContinuousClock.Instant
    ) {
        self.connection.succeeded(callStarted: started)
        if isSend { self.sendOverload.ended() } else { self.otherOverload.ended() }
        guard isAccepted else { return }
        if isSend { self.accepted.count(at: now) }
        if isSend { self.sends.succeeded(callStarted: started) } else { self.others.succeeded(callStarted: started) }
    }

    /// The retry as it concerns more than its call: an overload that several calls met in a row is the whole kind's.
    private mutating func spread(_ retry: GraphRetry, _ ticket: SendTicket, send isSend: Bool) -> GraphRetry {
        // What was never written, and what was lost, is no answer.
        if retry.hold == .connection || retry == .inDoubt { return retry }
        guard retry.maySpread else {
            if isSend { self.sendOverload.ended() } else { self.otherOverload.ended() }
            return retry
        }
        let isSpread = isSend ? self.sendOverload.told(ticket) : self.otherOverload.told(ticket)
        return isSpread ? retry.spread : retry
    }
}
