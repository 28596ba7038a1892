import TestSupport

@testable import Egress

/// A schedule with what its loop would keep: the calls by ticket, and a source of randomness.
struct Bench {
    var schedule: SendSchedule
    var random = SeededGenerator(seed: 7)
    private var names: [SendTicket: String] = [:]
    private var tickets: [String: SendTicket] = [:]

    init(_ limits: SendLimits = SendLimits(ratePerSecond: 1000)) {
        self.schedule = SendSchedule(limits, at: at(0))
    }

    /// Offers a call under a name; its pair is the name's part before a dot, if there is one: `anna.1`.
    @discardableResult
    mutating func offer(
        _ name: String, _ lane: SendLane = .request, isSend: Bool = true, writeBy: Double? = nil, attempts: Int = 0,
        isInDoubt: Bool = false, at now: Double
    ) -> SendAdmission {
        let parts = name.split(separator: ".")
        let offer = SendOffer(
            lane: lane, pair: parts.count > 1 ? String(parts[0]) : nil, countsForRate: isSend,
            writeBy: writeBy.map { at($0) }, attempts: attempts, isInDoubt: isInDoubt)
        let admission = self.schedule.offer(offer, at: at(now))
        if case .admitted(let ticket) = admission {
            self.names[ticket] = name
            self.tickets[name] = ticket
        }
        return admission
    }

    mutating func next(at now: Double) -> SendTurn { self.schedule.next(at: at(now)) }

    /// The names of the calls that start.
    mutating func starts(at now: Double) -> [String] {
        let turn = self.next(at: now)
        return self.names(turn.starts)
    }

    mutating func finish(_ name: String, _ verdict: GraphVerdict = .done, at now: Double) -> SendAftermath {
        self.schedule.finished(self.tickets[name]!, verdict, at: at(now), using: &self.random)
    }

    mutating func resolve(_ name: String, _ verdict: GraphVerdict, at now: Double) -> SendAftermath {
        self.schedule.resolve(self.tickets[name]!, verdict, at: at(now), using: &self.random)
    }

    mutating func cancel(_ name: String, at now: Double) -> Bool {
        self.schedule.cancel(self.tickets[name]!, at: at(now))
    }

    func isTakenBack(_ name: String) -> Bool { self.schedule.isTakenBack(self.tickets[name]!) }

    func names(_ tickets: [SendTicket]) -> [String] { tickets.map { self.names[$0] ?? "?" } }
}
