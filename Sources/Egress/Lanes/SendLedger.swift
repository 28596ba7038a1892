/// One account's calls that have not ended, with the schedule they follow: a value, whose news are told by whoever has it.
struct SendLedger: Sendable {
    private struct Entry {
        let send: PendingSend
        /// What the latest try came to.
        var last: CallResult?
    }

    private var schedule: SendSchedule
    private var entries: [SendTicket: Entry] = [:]
    /// What tasks are sleeping for.
    private var wakes = Wakes()
    /// Whether nothing may wait any more.
    private var hasGivenUp = false
    private var emptied: [CheckedContinuation<Void, Never>] = []
    private var news = SendNews()
    private var alarm = StandingAlarm()
    private var maintenance = MaintenanceWatch()
    private var random = SystemRandomNumberGenerator()

    init(_ limits: SendLimits, at now: ContinuousClock.Instant) {
        self.schedule = SendSchedule(limits, at: now)
    }

    func counters(at now: ContinuousClock.Instant) -> SendCounters {
        var counters = self.schedule.counters(at: now)
        counters.alarm = self.alarm.code(at: now)
        return counters
    }

    /// What a ticket stands for, while it has not ended.
    func send(_ ticket: SendTicket) -> PendingSend? { self.entries[ticket]?.send }

    /// How many tries of a call have counted so far.
    func attempts(of ticket: SendTicket) -> Int { self.schedule.attempts(of: ticket) }

    /// Whether a call that is in flight must not be written any more.
    func isTakenBack(_ ticket: SendTicket) -> Bool { self.schedule.isTakenBack(ticket) }

    // MARK: What comes in

    mutating func submit(_ send: PendingSend, at now: ContinuousClock.Instant) {
        guard !self.hasGivenUp else { return self.end(send, .givenUp(send.lane, last: nil), attempts: send.attempts) }
        let offer = SendOffer(
            lane: send.lane, pair: send.call.pair?.key, countsForRate: send.call.countsForRate, writeBy: send.writeBy,
            attempts: send.attempts, isInDoubt: send.isInDoubt)
        switch self.schedule.offer(offer, at: now) {
        case .admitted(let ticket):
            self.entries[ticket] = Entry(send: send)
            if send.isInDoubt, let escort = send.escort { self.news.doubted.append((escort, ticket, nil)) }
        case .overloaded: self.end(send, .overloaded, attempts: 0)
        case .paused(let answer): self.end(send, .paused(answer), attempts: 0)
        case .outOfAttempts: self.end(send, .outOfAttempts(nil), attempts: send.attempts)
        }
    }

    /// Takes in what became of a call that was started.
    ///
    /// - Parameter result: `nil` where its lane did not let it be written.
    mutating func finished(
        _ ticket: SendTicket, send isSend: Bool, _ result: CallResult?, _ verdict: GraphVerdict,
        at now: ContinuousClock.Instant
    ) {
        if let result { self.watch(result, send: isSend, at: now) }
        self.take(self.schedule.finished(ticket, verdict, at: now, using: &self.random), of: ticket, result)
    }

    /// Takes in what is known of a call in doubt; answers false, and does nothing, where it is in doubt no longer.
    mutating func resolve(
        _ ticket: SendTicket, _ settlement: DoubtSettlement, at now: ContinuousClock.Instant
    ) -> Bool {
        guard self.schedule.isInDoubt(ticket) else { return false }
        switch settlement {
        case .sent, .dead:
            _ = self.schedule.resolve(ticket, settlement == .sent ? .done : .giveUp, at: now, using: &self.random)
            self.entries[ticket] = nil
        case .retry:
            self.take(self.schedule.resolve(ticket, .retry(.inDoubt), at: now, using: &self.random), of: ticket)
        }
        return true
    }

    /// Takes all jobs back; those in flight end when their try has, and are not retried.
    mutating func withdrawJobs(at now: ContinuousClock.Instant) {
        for (ticket, entry) in self.entries where entry.send.lane == .queue { self.takeBack(ticket, entry, at: now) }
    }

    /// Ends what waits, and from now on whatever comes.
    mutating func giveUp(at now: ContinuousClock.Instant) {
        self.hasGivenUp = true
        for (ticket, entry) in self.entries { self.takeBack(ticket, entry, at: now) }
    }

    /// Takes in what a probe of a paused account has shown; `nil`: its access token works again.
    mutating func probed(_ refusal: GraphAnswer?, at now: ContinuousClock.Instant) {
        if let refusal {
            self.schedule.probeFailed(refusal, at: now)
        } else {
            self.schedule.resume(at: now)
        }
    }

    mutating func hasSlept(until instant: ContinuousClock.Instant) {
        self.wakes.remove(instant)
    }

    /// Resumes a continuation once no call is left.
    mutating func whenEmpty(_ continuation: CheckedContinuation<Void, Never>) {
        self.emptied.append(continuation)
    }

    // MARK: What is to be done

    /// Says what is to be told and done.
    ///
    /// - Parameter action: whose call it is that has just finished.
    mutating func turn(after action: Action, at now: ContinuousClock.Instant) -> SendNews {
        let turn = self.schedule.next(at: now)
        var news = self.news
        self.news = SendNews()
        for ticket in turn.starts { news.orders.append(.perform(ticket)) }
        if turn.isProbeDue { news.orders.append(.probe) }
        if let wake = turn.wake, self.wakes.add(wake) { news.orders.append(.wake(at: wake)) }
        for expired in turn.expired {
            guard let entry = self.entries.removeValue(forKey: expired.ticket) else { continue }
            news.ended.append((entry.send, .outOfTime(last: entry.last), expired.attempts))
        }
        if let answer = turn.pause {
            news.pause = (answer, action)
            for ticket in turn.refused {
                guard let entry = self.entries.removeValue(forKey: ticket) else { continue }
                news.ended.append((entry.send, .paused(answer), 0))
            }
        }
        if self.entries.isEmpty {
            news.emptied = self.emptied
            self.emptied = []
        }
        return news
    }

    /// Draws from an answer what a person should know of.
    private mutating func watch(_ result: CallResult, send isSend: Bool, at now: ContinuousClock.Instant) {
        switch result {
        case .refused(_, let error?) where isSend && error.code == MaintenanceWatch.code:
            if self.maintenance.refused(at: now) { self.news.isMaintenanceLong = true }
        case .sent, .refused:
            if isSend { self.maintenance.ended() }
            if case .refused(_, let error?) = result, let code = error.code { self.alarm.note(code, at: now) }
        case .unreached, .unknown: break
        }
    }

    // MARK: Ends

    /// - Parameter result: what the try came to that has just been made; `nil` where none was.
    private mutating func take(_ aftermath: SendAftermath, of ticket: SendTicket, _ result: CallResult? = nil) {
        switch aftermath.fate {
        case .waits:
            if let result { self.entries[ticket]?.last = result }
        case .inDoubt:
            if let result { self.entries[ticket]?.last = result }
            guard let escort = self.entries[ticket]?.send.escort else { return }
            self.news.doubted.append((escort, ticket, result))
        case .settled, .outOfAttempts, .outOfTime, .withdrawn:
            guard let entry = self.entries.removeValue(forKey: ticket) else { return }
            let end = SendEnd(aftermath.fate, entry.send.lane, last: result ?? entry.last)
            self.end(entry.send, end, attempts: aftermath.attempts)
        }
    }

    private mutating func takeBack(_ ticket: SendTicket, _ entry: Entry, at now: ContinuousClock.Instant) {
        let attempts = self.schedule.attempts(of: ticket)
        guard self.schedule.cancel(ticket, at: now) else { return }
        self.entries[ticket] = nil
        self.end(entry.send, .givenUp(entry.send.lane, last: entry.last), attempts: attempts)
    }

    private mutating func end(_ send: PendingSend, _ end: SendEnd, attempts: Int) {
        self.news.ended.append((send, end, attempts))
    }
}

/// What a ledger has to tell, once nobody else is kept from it.
struct SendNews: Sendable {
    /// What is to be started.
    enum Order: Sendable {
        case perform(SendTicket)
        case probe
        case wake(at: ContinuousClock.Instant)
    }

    var orders: [Order] = []
    var ended: [(send: PendingSend, end: SendEnd, attempts: Int)] = []
    var doubted: [(escort: any SendEscort, ticket: SendTicket, last: CallResult?)] = []
    var pause: (answer: GraphAnswer, action: Action)?
    /// Whether Graph's maintenance of the number has just turned out to last too long.
    var isMaintenanceLong = false
    var emptied: [CheckedContinuation<Void, Never>] = []
}

extension SendEnd {
    /// The end of a call that its schedule has let go; a request's last answer is its requester's to judge.
    fileprivate init(_ fate: SendAftermath.Fate, _ lane: SendLane, last: CallResult?) {
        switch (fate, lane, last) {
        case (_, .request, let last?), (.settled, _, let last?): self = .settled(last)
        case (.outOfAttempts, .queue, _): self = .outOfAttempts(last)
        case (.withdrawn, .queue, _): self = .withdrawn(last: last)
        default: self = .outOfTime(last: last)
        }
    }

    /// The end of a call that is not waited for any more.
    fileprivate static func givenUp(_ lane: SendLane, last: CallResult?) -> SendEnd {
        lane == .queue ? .withdrawn(last: last) : .outOfTime(last: last)
    }
}
