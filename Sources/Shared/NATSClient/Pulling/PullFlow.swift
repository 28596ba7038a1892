/// What has been asked of a consumer and what has come, as a value: is told what happens, says what to do next.
///
/// One request is open at a time, for no more than there is room. A request that a broken connection has left behind is
/// forgotten: where the server lives on and still serves it, as much as one batch may come beyond the room.
struct PullFlow {
    struct Request: Hashable {
        let number: UInt64
        let batch: Int
    }

    enum Next: Hashable {
        case nothing
        /// Find out how much room there is, and tell `measured`.
        case measure
        case ask(Request)
        /// Have the one who keeps the time look at `deadline` and `standing`.
        case look
    }

    /// What the one who keeps the time has to know.
    enum Standing: Hashable {
        case running
        /// Find out whether the consumer is there, and tell `consumerFound` or end.
        case isConsumerThere
        case consumerGone(String)
    }

    private enum State {
        case measuring(again: Bool)
        case asked(Request, missing: Int, at: ContinuousClock.Instant, until: ContinuousClock.Instant)
        case withoutRoom
        case pausing(until: ContinuousClock.Instant)
        case over(String?)
    }

    /// How many messages one request asks for at most: what waits in the client library stays bounded.
    static let largestBatch = 500
    /// How long a request is valid at the server.
    static let expiry = Duration.seconds(5)
    /// How long after the expiry to wait for word of it, and for a message behind another.
    static let patience = Duration.seconds(2)
    /// After a request that ended early and brought nothing.
    static let shortPause = Duration.milliseconds(250)
    /// After a refusal that only time can lift.
    static let longPause = Duration.seconds(1)

    private var state = State.measuring(again: false)
    private var lastNumber: UInt64 = 0
    private var batchLimit = Self.largestBatch
    /// Whether a message has come since the silence was looked at last.
    private var hasHeard = false
    /// A request to a consumer that is gone is not answered at all: silence, and a server that was away, make wonder.
    private var isConsumerInDoubt = true

    /// When to tell `due`; `nil` while there is nothing to wait for.
    var deadline: ContinuousClock.Instant? {
        switch self.state {
        case .asked(_, _, _, let until), .pausing(let until): until
        case .measuring, .withoutRoom, .over: nil
        }
    }

    var standing: Standing {
        switch self.state {
        case .over(let reason?): .consumerGone(reason)
        case .over(nil): .running
        default: self.isConsumerInDoubt ? .isConsumerThere : .running
        }
    }

    /// How many messages the caller takes, of those that have not come yet.
    mutating func measured(room: Int, at now: ContinuousClock.Instant) -> Next {
        guard case .measuring(let again) = self.state else { return .nothing }
        let batch = min(self.batchLimit, room)
        guard batch > 0 else {
            self.state = again ? .measuring(again: false) : .withoutRoom
            return again ? .measure : .nothing
        }
        self.lastNumber += 1
        let request = Request(number: self.lastNumber, batch: batch)
        self.state = .asked(request, missing: batch, at: now, until: now + Self.expiry + Self.patience)
        self.hasHeard = false
        return .ask(request)
    }

    mutating func roomHasGrown() -> Next {
        switch self.state {
        case .withoutRoom: return self.measure()
        case .measuring: self.state = .measuring(again: true)
        default: break
        }
        return .nothing
    }

    /// A message has come and been passed on. It counts against the open request: nothing in it says which it answers.
    mutating func arrived() -> Next {
        self.hasHeard = true
        guard case .asked(let request, let missing, let asked, let until) = self.state else { return .nothing }
        guard missing > 1 else { return self.measure() }
        self.state = .asked(request, missing: missing - 1, at: asked, until: until)
        return .nothing
    }

    /// The server says that a request is over; of an earlier one that is no news.
    mutating func ended(_ number: UInt64, _ status: PullStatus, at now: ContinuousClock.Instant) -> Next {
        guard case .asked(let request, let missing, let asked, _) = self.state, request.number == number else {
            return .nothing
        }
        switch status {
        case .consumerGone(let reason):
            self.state = .over(reason)
            return .look
        case .noResponders:
            self.isConsumerInDoubt = true
            return self.pause(Self.shortPause, from: now)
        case .batchTooLarge(let limit):
            let smaller = min(limit ?? request.batch / 2, request.batch - 1)
            guard smaller > 0 else { return self.pause(Self.longPause, from: now) }
            self.batchLimit = smaller
            return self.measure()
        case .limitMet:
            return self.pause(Self.longPause, from: now)
        case .expired, .interrupted:
            let cameToNothing = missing == request.batch && now < asked + Self.longPause
            return cameToNothing ? self.pause(Self.shortPause, from: now) : self.measure()
        }
    }

    /// What was asked for before is not served any more, as a rule.
    mutating func connectionCameBack() -> Next {
        self.isConsumerInDoubt = true
        switch self.state {
        case .asked, .pausing:
            return self.measure()
        case .measuring, .withoutRoom, .over:
            return .nothing
        }
    }

    /// Time has passed.
    mutating func due(at now: ContinuousClock.Instant) -> Next {
        switch self.state {
        case .pausing(let until) where until <= now:
            return self.measure()
        case .asked(let request, let missing, let asked, let until) where until <= now:
            // The server has let go of the request by now; but what it sent may still be on its way through here.
            guard self.hasHeard else {
                self.isConsumerInDoubt = true
                return self.measure()
            }
            self.hasHeard = false
            self.state = .asked(request, missing: missing, at: asked, until: now + Self.patience)
            return .nothing
        default:
            return .nothing
        }
    }

    /// The consumer is there, or that cannot be known now.
    mutating func consumerFound() {
        self.isConsumerInDoubt = false
    }

    /// Nothing is asked for any more.
    mutating func end() {
        self.state = .over(nil)
    }

    private mutating func measure() -> Next {
        self.state = .measuring(again: false)
        return .measure
    }

    private mutating func pause(_ time: Duration, from now: ContinuousClock.Instant) -> Next {
        self.state = .pausing(until: now + time)
        return .look
    }
}
