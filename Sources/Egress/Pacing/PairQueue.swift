/// What waits for one recipient, in both lanes, in order of arrival.
///
/// A job that is in doubt, or waits for a retry of its own, holds up the jobs behind it; requests pass it, since they
/// have but seconds to live. What is in flight, and the pair's wait after error 131056, hold up both.
struct PairQueue: Sendable {
    /// The wait after error 131056, for both lanes.
    var wait = SharedWait()
    /// The call that is in flight: there is never another.
    private(set) var inFlight: SendTicket?
    private var requests = PriorityHeap<SendTicket, SendTicket>()
    private var jobs = PriorityHeap<SendTicket, SendTicket>()

    /// Whether nothing waits here and nothing is in flight.
    var isIdle: Bool { self.requests.isEmpty && self.jobs.isEmpty && self.inFlight == nil }

    /// Until when an idle pair is remembered: for as long again as its last wait was, so that the next is longer.
    var forgetAt: ContinuousClock.Instant? { self.wait.end.map { $0 + self.wait.length } }

    /// What goes first in a lane.
    func head(_ lane: SendLane) -> SendTicket? {
        switch lane {
        case .request: self.requests.first?.element
        case .queue: self.jobs.first?.element
        }
    }

    /// Puts a call at the place its age gives it: a new one last, one that is to be retried first.
    mutating func insert(_ ticket: SendTicket, _ lane: SendLane) {
        if self.inFlight == ticket { self.inFlight = nil }
        switch lane {
        case .request: self.requests.set(ticket, ticket)
        case .queue: self.jobs.set(ticket, ticket)
        }
    }

    /// The first call of a lane goes in flight.
    mutating func start(_ lane: SendLane) -> SendTicket? {
        guard self.inFlight == nil, let ticket = self.head(lane) else { return nil }
        self.remove(ticket, lane)
        self.inFlight = ticket
        return ticket
    }

    /// Takes a call away for good, wherever it is.
    mutating func remove(_ ticket: SendTicket, _ lane: SendLane) {
        if self.inFlight == ticket { self.inFlight = nil }
        switch lane {
        case .request: self.requests.remove(ticket)
        case .queue: self.jobs.remove(ticket)
        }
    }
}
