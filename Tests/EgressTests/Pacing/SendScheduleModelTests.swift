import TestSupport
import Testing

@testable import Egress

/// A schedule under random offers, answers, cancellations and pauses, watched by a bookkeeper that trusts nothing.
@Suite struct SendScheduleModelTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `Whatever happens, the rules hold`(seed: UInt64) {
        var run = RandomRun(seed: seed)
        run.run(steps: 4000)
        run.drain()
        #expect(run.faults == [], "seed \(seed)")
        #expect(run.startCount > 500, "seed \(seed)")
    }
}

private struct RandomRun {
    private struct Call {
        let offer: SendOffer
        var isGone = false
        var isInDoubt = false
    }

    private let limits = SendLimits(inFlight: 12, waitingRequests: 60, ratePerSecond: 40)
    private let refusal = GraphAnswer(status: 401, body: [])
    private var schedule: SendSchedule
    private var random: SeededGenerator
    private var now = 0.0
    private var calls: [SendTicket: Call] = [:]
    private var inFlight: Set<SendTicket> = []
    private var notBefore: [SendTicket: ContinuousClock.Instant] = [:]
    private var sendTimes: [Double] = []
    private var isPaused = false
    private var lastOffers: [SendTicket] = []
    private(set) var startCount = 0
    private(set) var faults: [String] = []

    init(seed: UInt64) {
        self.random = SeededGenerator(seed: seed)
        self.schedule = SendSchedule(self.limits, at: at(0))
    }

    mutating func run(steps: Int) {
        for _ in 0..<steps {
            switch Int.random(in: 0..<100, using: &self.random) {
            case 0..<35: self.offer()
            case 35..<70: self.finishOne(healthy: false)
            case 70..<73: self.cancelOne()
            case 73..<76: self.resolveOne()
            case 76..<80: if self.isPaused { self.resume() }
            default: self.now += Double.random(in: 0...0.2, using: &self.random)
            }
            self.turn()
        }
    }

    /// Lets everything come to its end: nothing is lost, nothing starves.
    mutating func drain() {
        var idle = 0
        while self.calls.contains(where: { !$0.value.isGone }), idle < 200_000 {
            idle += 1
            if self.isPaused { self.resume() }
            while self.calls.contains(where: { $0.value.isInDoubt && !$0.value.isGone }) { self.resolveOne() }
            while !self.inFlight.isEmpty { self.finishOne(healthy: true) }
            guard let wake = self.turn(), self.inFlight.isEmpty else { continue }
            self.now = max(self.now, wake.seconds + 1e-6)
        }
        let left = self.calls.filter { !$0.value.isGone }.count
        if left > 0 { self.faults.append("\(left) calls were never settled") }
        let counters = self.schedule.counters(at: at(self.now))
        if counters.waitingRequests + counters.waitingJobs + counters.inFlight + counters.jobsInDoubt != 0 {
            self.faults.append("\(counters)")
        }
        self.checkRate()
    }

    private mutating func offer() {
        let isSend = Int.random(in: 0..<8, using: &self.random) > 0
        let pair =
            Int.random(in: 0..<5, using: &self.random) > 0 ? "r\(Int.random(in: 0..<9, using: &self.random))" : nil
        let isLimited = Bool.random(using: &self.random)
        let lane = Bool.random(using: &self.random) ? SendLane.request : .queue
        let offer = SendOffer(
            lane: lane, pair: pair, countsForRate: isSend,
            writeBy: isLimited ? at(self.now + Double.random(in: -0.5...20, using: &self.random)) : nil,
            attempts: lane == .queue ? Int.random(in: 0..<4, using: &self.random) : 0,
            isInDoubt: lane == .queue && Int.random(in: 0..<10, using: &self.random) == 0)
        let waiting = self.schedule.counters(at: at(self.now)).waitingRequests
        switch self.schedule.offer(offer, at: at(self.now)) {
        case .admitted(let ticket): self.calls[ticket] = Call(offer: offer, isInDoubt: offer.isInDoubt)
        case .overloaded:
            if offer.lane == .queue || waiting < self.limits.waitingRequests {
                self.faults.append("overloaded too early")
            }
        case .outOfAttempts: self.faults.append("out of attempts before the first")
        case .paused: if offer.lane == .queue || !self.isPaused { self.faults.append("refused without a pause") }
        }
    }

    private mutating func finishOne(healthy: Bool) {
        guard let ticket = self.inFlight.sorted().randomElement(using: &self.random) else { return }
        let verdict = healthy ? GraphVerdict.done : self.verdict()
        self.inFlight.remove(ticket)
        let aftermath = self.schedule.finished(ticket, verdict, at: at(self.now), using: &self.random)
        if case .pauseAccount = verdict, self.schedule.counters(at: at(self.now)).pause != nil { self.isPaused = true }
        self.take(aftermath, ticket)
    }

    private mutating func take(_ aftermath: SendAftermath, _ ticket: SendTicket) {
        switch aftermath.fate {
        case .settled, .outOfAttempts, .outOfTime, .withdrawn: self.calls[ticket]?.isGone = true
        case .waits(let until): self.notBefore[ticket] = until
        case .inDoubt: self.calls[ticket]?.isInDoubt = true
        }
        if aftermath.attempts > self.limits.attempts { self.faults.append("too many attempts") }
    }

    private mutating func verdict() -> GraphVerdict {
        switch Int.random(in: 0..<100, using: &self.random) {
        case 0..<70: .done
        case 70..<75: .giveUp
        case 75..<80: .again(131056)
        case 80..<84: .again(130429)
        case 84..<88: .again(131016)
        case 88..<92: .again(1)
        case 92..<94: .retry(.notWritten)
        case 94..<96: .doubtful
        case 96..<99: .denied
        default: .pauseAccount(self.refusal)
        }
    }

    private mutating func cancelOne() {
        let candidates = self.calls.filter { !$0.value.isGone }.keys.sorted()
        guard let ticket = candidates.randomElement(using: &self.random) else { return }
        let isGone = self.schedule.cancel(ticket, at: at(self.now))
        if isGone == self.inFlight.contains(ticket) { self.faults.append("a call in flight was taken back") }
        if isGone { self.calls[ticket]?.isGone = true }
    }

    private mutating func resolveOne() {
        let doubts = self.calls.filter { $0.value.isInDoubt && !$0.value.isGone }.keys.sorted()
        guard let ticket = doubts.randomElement(using: &self.random) else { return }
        self.calls[ticket]?.isInDoubt = false
        let verdict = Bool.random(using: &self.random) ? GraphVerdict.done : .retry(.inDoubt)
        self.take(self.schedule.resolve(ticket, verdict, at: at(self.now), using: &self.random), ticket)
    }

    private mutating func resume() {
        self.isPaused = false
        self.schedule.resume(at: at(self.now))
    }

    @discardableResult
    private mutating func turn() -> ContinuousClock.Instant? {
        let turn = self.schedule.next(at: at(self.now))
        for ticket in turn.expired.map(\.ticket) {
            guard let writeBy = self.calls[ticket]?.offer.writeBy, writeBy <= at(self.now) else {
                self.faults.append("expired too early")
                continue
            }
            if self.inFlight.contains(ticket) { self.faults.append("expired in flight") }
            self.calls[ticket]?.isGone = true
        }
        for ticket in turn.refused {
            if self.calls[ticket]?.offer.lane != .request { self.faults.append("a job was refused") }
            self.calls[ticket]?.isGone = true
        }
        for ticket in turn.starts { self.start(ticket) }
        if let wake = turn.wake, wake <= at(self.now) { self.faults.append("nothing to wait for, yet not done") }
        return turn.wake
    }

    private mutating func start(_ ticket: SendTicket) {
        guard let call = self.calls[ticket], !call.isGone, !call.isInDoubt else {
            self.faults.append("started what is gone")
            return
        }
        self.startCount += 1
        if self.isPaused { self.faults.append("started in a pause") }
        if let writeBy = call.offer.writeBy, writeBy <= at(self.now) { self.faults.append("started too late") }
        if let until = self.notBefore[ticket], until > at(self.now) { self.faults.append("retried too early") }
        if let pair = call.offer.pair {
            if self.inFlight.contains(where: { self.calls[$0]?.offer.pair == pair }) {
                self.faults.append("two in flight for \(pair)")
            }
            let isOvertaking = self.calls.contains { other in
                other.key < ticket && !other.value.isGone && other.value.offer.pair == pair
                    && other.value.offer.lane == call.offer.lane
            }
            if isOvertaking { self.faults.append("\(pair)'s order is broken") }
        }
        self.inFlight.insert(ticket)
        if self.inFlight.count > self.limits.inFlight { self.faults.append("too many in flight") }
        if call.offer.countsForRate { self.sendTimes.append(self.now) }
    }

    /// No window holds more sends than its length allows, and one burst.
    private mutating func checkRate() {
        for (index, first) in self.sendTimes.enumerated() {
            for window in [0.1, 1, 5] {
                let count = self.sendTimes[index...].prefix { $0 <= first + window }.count
                if Double(count) > self.limits.ratePerSecond * window + 4.001 { self.faults.append("rate exceeded") }
            }
        }
    }
}
