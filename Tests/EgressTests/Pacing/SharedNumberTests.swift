import TestSupport
import Testing

@testable import Egress

/// Several workers that share one number and nothing else, against a Graph API with Meta's limit.
@Suite struct SharedNumberTests {
    private static let limit = 80.0

    /// The limiter lets a burst pass at once: as much as a worker's own, or a whole second's worth.
    @Test(arguments: [1, 2, 4], [8.0, 80])
    func `Workers that share a number find its limit, and are refused seldom`(workers: Int, burst: Double) {
        for seed in 1...2 as ClosedRange<UInt64> {
            let run = SharedNumber(workers: workers, limit: Self.limit, burst: burst, seed: seed)
            let tally = run.run(seconds: 45, countingFrom: 5)
            let comment: Comment = "seed \(seed): used \(tally.used), refused \(tally.refusedShare)"
            #expect(tally.used >= 0.95, comment)
            #expect(tally.refusedShare < 0.01, comment)
        }
    }

    @Test func `When the limit rises they come to use it`() {
        var run = SharedNumber(workers: 2, limit: 40, burst: 8, seed: 1)
        let before = run.go(until: 40, countingFrom: 5)
        run.limit = 120
        _ = run.go(until: 180, countingFrom: 40)
        let after = run.go(until: 220, countingFrom: 180)
        #expect(Double(before) > 0.9 * 40 * 35)
        #expect(Double(after) > 0.9 * 120 * 40)
    }
}

/// A simulation of workers, each with a schedule of its own, and the limiter they meet.
private struct SharedNumber {
    struct Tally {
        let used: Double
        let refusedShare: Double
    }

    private struct Answer {
        let worker: Int
        let ticket: SendTicket
        let isAccepted: Bool
    }

    var limit: Double
    private let burst: Double
    private var schedules: [SendSchedule]
    private var random: SeededGenerator
    private var events = PriorityHeap<Int, ContinuousClock.Instant>()
    private var answers: [Int: Answer] = [:]
    private var eventCount = 0
    private var credit: Double
    private var creditAt = 0.0
    private var offered = 0
    private var accepted = 0
    private var refused = 0

    init(workers: Int, limit: Double, burst: Double, seed: UInt64) {
        self.limit = limit
        self.burst = burst
        self.credit = burst
        self.random = SeededGenerator(seed: seed)
        let limits = SendLimits(waitingRequests: 100_000, ratePerSecond: 80)
        self.schedules = (0..<workers).map { _ in SendSchedule(limits, at: at(0)) }
    }

    func run(seconds: Double, countingFrom start: Double) -> Tally {
        var copy = self
        let accepted = copy.go(until: seconds, countingFrom: start)
        return Tally(
            used: Double(accepted) / ((seconds - start) * self.limit),
            refusedShare: Double(copy.refused) / Double(copy.refused + accepted))
    }

    /// Runs on, with 200 offers a second dealt out at random, each to a recipient of its own.
    ///
    /// - Returns: how many sends were accepted from `start` on.
    mutating func go(until end: Double, countingFrom start: Double) -> Int {
        self.accepted = 0
        self.refused = 0
        while true {
            let offerAt = at(Double(self.offered) / 200)
            let wakes = self.wakes
            let now = [offerAt, self.events.first?.priority, wakes.min()].compactMap { $0 }.min() ?? offerAt
            if now >= at(end) { return self.accepted }
            if now == offerAt {
                let worker = self.schedules.indices.randomElement(using: &self.random) ?? 0
                _ = self.schedules[worker].offer(SendOffer(lane: .request, pair: "\(self.offered)"), at: now)
                self.offered += 1
                self.turn(worker, now, isCounted: now >= at(start))
            } else if let event = self.events.first, event.priority == now {
                self.events.remove(event.element)
                self.finish(event.element, now, isCounted: now >= at(start))
            } else {
                for worker in self.schedules.indices { self.turn(worker, now, isCounted: now >= at(start)) }
            }
        }
    }

    private var wakeTimes: [Int: ContinuousClock.Instant] = [:]
    private var wakes: [ContinuousClock.Instant] { Array(self.wakeTimes.values) }

    private mutating func finish(_ event: Int, _ now: ContinuousClock.Instant, isCounted: Bool) {
        guard let answer = self.answers.removeValue(forKey: event) else { return }
        let verdict = answer.isAccepted ? GraphVerdict.done : .again(130429)
        _ = self.schedules[answer.worker].finished(answer.ticket, verdict, at: now, using: &self.random)
        self.turn(answer.worker, now, isCounted: isCounted)
    }

    private mutating func turn(_ worker: Int, _ now: ContinuousClock.Instant, isCounted: Bool) {
        let turn = self.schedules[worker].next(at: now)
        self.wakeTimes[worker] = turn.wake
        for ticket in turn.starts {
            let isAccepted = self.meetLimit(now)
            if isCounted { if isAccepted { self.accepted += 1 } else { self.refused += 1 } }
            self.eventCount += 1
            self.answers[self.eventCount] = Answer(worker: worker, ticket: ticket, isAccepted: isAccepted)
            // 100 ms, more or less.
            let latency = Double.random(in: 0.07...0.16, using: &self.random)
            self.events.set(self.eventCount, now + .seconds(latency))
        }
    }

    private mutating func meetLimit(_ now: ContinuousClock.Instant) -> Bool {
        self.credit = min(self.burst, self.credit + (now.seconds - self.creditAt) * self.limit)
        self.creditAt = now.seconds
        guard self.credit >= 1 else { return false }
        self.credit -= 1
        return true
    }
}
