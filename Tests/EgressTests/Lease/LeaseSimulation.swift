import Synchronization
import TestSupport

@testable import Egress

/// Contenders for one lease in virtual time, over a store and a network that misbehave: messages are lost, late or
/// refused, answers too; contenders stand still, die, stop and hand over; the store ends terms early and late.
struct LeaseSimulation {
    enum Mischief: CaseIterable {
        case standStill, die, stop, handOver, outage
    }

    enum Event {
        case arrives(Request)
        case answered(Int, request: Int, Answer)
        case heard(Int, life: Int, LeaseRecord)
        case holdReturns(Int, life: Int)
    }

    struct Request {
        let number: Int
        let from: Int
        /// `nil`: a look.
        let write: Write?
    }

    struct Write {
        let record: LeaseRecord
        let after: UInt64
    }

    enum Answer {
        case found(FoundLease?)
        case stored(UInt64)
        case refused
        case none
    }

    struct Contender {
        var worker: WorkerID
        var life = 0
        var contest: Contest?
        var holding: Holding?
        var tenure: Tenure?
        /// What it waits for, and the beat where that is a refresh.
        var request: (number: Int, beat: Int?)?
        var claimSent: ContinuousClock.Instant?
        var stillUntil: ContinuousClock.Instant
    }

    /// The virtual time, for tenures to go by.
    final class Time: Sendable {
        let now = Mutex(ContinuousClock.now)
    }

    let mischief: [Mischief]
    let clock: SendClock
    let time = Time()
    var random: SeededGenerator
    /// A contender's next turn has its index, the next mischief `mischiefID`, an event its number.
    var queue = PriorityHeap<Int, ContinuousClock.Instant>()
    var events: [Int: Event] = [:]
    var lastID = 1000
    static let mischiefID = 999
    var contenders: [Contender] = []
    var stored: (found: FoundLease, endsAt: ContinuousClock.Instant)?
    var sequence: UInt64 = 0
    var outageUntil: ContinuousClock.Instant
    var isQuiet = false
    var died: ContinuousClock.Instant?

    var faults: [String] = []
    var tenures = 0
    /// How long after the death of a holder the next began.
    var takeOvers: [Duration] = []
    var looks = 0

    /// - Parameter mischief: what befalls contenders; where that is death alone, no message is lost or late either.
    init(contenders count: Int, mischief: [Mischief], seed: UInt64) {
        self.random = SeededGenerator(seed: seed)
        self.mischief = mischief
        let time = self.time
        self.clock = SendClock(now: { time.now.withLock { $0 } }, sleep: { _ in })
        self.outageUntil = self.clock.now()
        for index in 0..<count {
            self.contenders.append(Contender(worker: WorkerID(host: ""), stillUntil: self.clock.now()))
            self.isBorn(index, after: .zero)
        }
    }

    /// Those who may write at this instant.
    var holders: Int { self.contenders.count { ($0.tenure?.writeBy ?? self.now) > self.now } }

    /// Lets a time of mischief pass, then a quiet one.
    mutating func run(_ length: Duration, quiet: Duration = .seconds(20)) {
        let begin = self.now
        self.queue.set(Self.mischiefID, begin + .seconds(3))
        while let (id, instant) = self.queue.first, instant < begin + length + quiet {
            self.queue.remove(id)
            self.time.now.withLock { $0 = max($0, instant) }
            if id == Self.mischiefID {
                self.isQuiet = instant >= begin + length
                if self.isQuiet { continue }
                self.mischiefHappens()
                let pause: Duration = self.isFaulty ? .seconds(.random(in: 0.3...6, using: &self.random)) : .seconds(11)
                self.queue.set(id, self.now + pause)
            } else if id < Self.mischiefID {
                self.turn(id)
            } else if let event = self.events.removeValue(forKey: id) {
                self.happens(event)
            }
            if self.holders > 1 { self.faults.append("\(self.holders) may write at \(self.now - begin)") }
        }
    }

    var now: ContinuousClock.Instant { self.clock.now() }
    var isFaulty: Bool { self.mischief != [.die] }

    mutating func chance(_ probability: Double) -> Bool {
        self.isFaulty && !self.isQuiet && Double.random(in: 0..<1, using: &self.random) < probability
    }

    mutating func latency() -> Duration {
        self.chance(0.05)
            ? .seconds(.random(in: 0...4, using: &self.random))
            : .milliseconds(.random(in: 1...30, using: &self.random))
    }

    mutating func schedule(_ event: Event, after delay: Duration) {
        self.lastID += 1
        self.events[self.lastID] = event
        self.queue.set(self.lastID, self.now + delay)
    }

    // MARK: Contenders

    mutating func turn(_ index: Int) {
        let now = self.now
        guard self.contenders[index].stillUntil <= now else {
            return self.queue.set(index, self.contenders[index].stillUntil)
        }
        guard self.contenders[index].request == nil else { return }
        if let step = self.contenders[index].holding?.next(at: now) {
            switch step {
            case .lost: self.ends(index, .lost)
            case .wait(let instant): self.queue.set(index, instant)
            case .look: self.send(nil, from: index)
            case .refresh(let beat, let revision):
                let record = LeaseRecord(worker: self.contenders[index].worker, state: .held, beat: beat)
                self.send(Write(record: record, after: revision), from: index)
            }
        } else if let step = self.contenders[index].contest?.next(at: now) {
            switch step {
            case .wait(let instant): self.queue.set(index, instant)
            case .look:
                self.looks += 1
                self.send(nil, from: index)
            case .announce:
                self.contenders[index].contest?.announced(at: now)
                self.queue.set(index, now)
            }
        }
    }

    mutating func send(_ write: Write?, from index: Int) {
        self.lastID += 1
        let number = self.lastID
        self.contenders[index].request = (number, write.flatMap { $0.record.state == .held ? $0.record.beat : nil })
        var delay = self.latency()
        if self.chance(0.02) {
            // It stands still between the look at the clock and the writing.
            let pause = Duration.seconds(.random(in: 0.2...6, using: &self.random))
            self.contenders[index].stillUntil = self.now + pause
            delay += pause
        }
        self.schedule(.answered(index, request: number, .none), after: .seconds(1))
        guard !self.chance(0.05) else { return }
        if self.now < self.outageUntil {
            guard Bool.random(using: &self.random) else { return }
            delay += self.outageUntil - self.now
        }
        self.schedule(.arrives(Request(number: number, from: index, write: write)), after: delay)
    }

    mutating func happens(_ event: Event) {
        let now = self.now
        switch event {
        case .arrives(let request):
            self.arrives(request)
        case .answered(let index, let number, let answer):
            guard self.contenders[index].request?.number == number, !self.isPostponed(event, of: index) else { return }
            self.answered(index, answer)
            self.turn(index)
        case .heard(let index, let life, let record):
            guard self.contenders[index].life == life, !self.isPostponed(event, of: index) else { return }
            if self.contenders[index].contest?.heard(record, at: now) == true { self.turn(index) }
        case .holdReturns(let index, let life):
            guard self.contenders[index].life == life, !self.isPostponed(event, of: index) else { return }
            self.holdReturns(index)
        }
    }

    mutating func isPostponed(_ event: Event, of index: Int) -> Bool {
        let delay = self.contenders[index].stillUntil - self.now
        guard delay > .zero else { return false }
        self.schedule(event, after: delay)
        return true
    }

    mutating func answered(_ index: Int, _ answer: Answer) {
        let now = self.now
        let beat = self.contenders[index].request?.beat
        self.contenders[index].request = nil
        if self.contenders[index].holding != nil {
            self.answered(holder: index, beat, answer)
        } else if let sent = self.contenders[index].claimSent {
            self.contenders[index].claimSent = nil
            switch answer {
            case .stored(let revision): self.begins(index, revision, sent: sent)
            case .refused: self.contenders[index].contest?.refused(at: now)
            case .found, .none: self.contenders[index].contest?.failed(at: now, isDisconnected: false)
            }
        } else if case .found(let found) = answer {
            guard let claim = self.contenders[index].contest?.looked(found, term: .standard, at: now) else {
                return
            }
            self.contenders[index].claimSent = now
            let record = LeaseRecord(worker: self.contenders[index].worker, state: .claimed, beat: 0)
            self.send(Write(record: record, after: claim.revision), from: index)
        } else {
            self.contenders[index].contest?.failed(at: now, isDisconnected: false)
        }
    }

    mutating func answered(holder index: Int, _ beat: Int?, _ answer: Answer) {
        let now = self.now
        switch (answer, beat) {
        case (.stored(let revision), let beat?):
            self.contenders[index].holding?.answered(beat, .stored(revision: revision), at: now)
        case (.refused, let beat?): self.contenders[index].holding?.answered(beat, .refused, at: now)
        case (_, let beat?): self.contenders[index].holding?.answered(beat, .unknown, at: now)
        case (.found(let found), nil): self.contenders[index].holding?.found(found, at: now)
        case (_, nil): self.contenders[index].holding?.lookFailed(at: now)
        }
        guard let holding = self.contenders[index].holding, let tenure = self.contenders[index].tenure else { return }
        if holding.writeBy > tenure.writeBy, !tenure.extend(to: holding.writeBy) { self.ends(index, .lost) }
    }

    mutating func begins(_ index: Int, _ revision: UInt64, sent: ContinuousClock.Instant) {
        guard self.now < LeaseTerm.standard.writeBy(after: sent) else { return }
        let holding = Holding(
            by: self.contenders[index].worker, for: .standard, revision: revision, claimSent: sent)
        self.contenders[index].contest = nil
        self.contenders[index].holding = holding
        self.contenders[index].tenure = Tenure(writeBy: holding.writeBy, clock: self.clock)
        self.tenures += 1
        if let died { self.takeOvers.append(self.now - died) }
        self.died = nil
    }

    mutating func ends(_ index: Int, _ end: TenureEnd) {
        guard let tenure = self.contenders[index].tenure else { return }
        if tenure.end == nil {
            let delay = Duration.milliseconds(.random(in: 0...500, using: &self.random))
            self.schedule(.holdReturns(index, life: self.contenders[index].life), after: delay)
        }
        tenure.end(end)
        if end == .lost { self.contenders[index].holding = nil }
    }

    mutating func holdReturns(_ index: Int) {
        let now = self.now
        let contender = self.contenders[index]
        guard let tenure = contender.tenure else { return }
        _ = tenure.close()
        let next = self.contenders.map(\.worker).filter { $0 != contender.worker }
            .randomElement(using: &self.random)
        if let holding = contender.holding, let end = tenure.end, end != .lost {
            let state: LeaseRecord.State =
                if case .handOver(let next) = end { .handedOver(to: next) } else { .released(next: next) }
            let record = LeaseRecord(worker: contender.worker, state: state, beat: holding.beat + 1)
            self.send(Write(record: record, after: holding.revision), from: index)
        }
        if tenure.end == .stopped { return self.isBorn(index, after: .seconds(1)) }
        self.contenders[index].holding = nil
        self.contenders[index].tenure = nil
        self.contenders[index].request = nil
        self.contenders[index].contest = Contest(of: contender.worker, at: now, using: &self.random)
        self.queue.set(index, now)
    }
}
