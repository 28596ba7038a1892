import TestSupport
import Testing

@testable import Egress

@Suite struct SendScheduleScaleTests {
    /// Twenty thousand jobs held, five thousand recipients throttled for hours, and a lively stream beside them.
    @Test(.timeLimit(.minutes(5)))
    func `Many held jobs and throttled recipients slow nothing down`() {
        var random = SeededGenerator(seed: 1)
        var schedule = SendSchedule(SendLimits(inFlight: 256, ratePerSecond: 1e6), at: at(0))
        for pair in 0..<5000 {
            for _ in 0..<4 { _ = schedule.offer(SendOffer(lane: .queue, pair: "held\(pair)"), at: at(0)) }
        }
        var throttled = 0
        while throttled < 5000 {
            for ticket in schedule.next(at: at(0)).starts {
                let verdict = GraphVerdict.again(131056, retryAfter: .seconds(7200))
                _ = schedule.finished(ticket, verdict, at: at(0), using: &random)
                throttled += 1
            }
        }
        #expect(schedule.counters(at: at(0)).waitingJobs == 20_000)

        var done = 0
        for step in 0..<50_000 {
            let now = at(1 + Double(step) / 1000)
            _ = schedule.offer(SendOffer(lane: .request, pair: "r\(step)", writeBy: now + .seconds(4)), at: now)
            for ticket in schedule.next(at: now).starts {
                _ = schedule.finished(ticket, .done, at: now, using: &random)
                done += 1
            }
        }
        #expect(done == 50_000)
        #expect(schedule.rememberedPairs == 5000)
    }

    @Test(.timeLimit(.minutes(5)))
    func `One recipient with twenty thousand jobs is no slower than many`() {
        var random = SeededGenerator(seed: 1)
        var schedule = SendSchedule(SendLimits(inFlight: 256, ratePerSecond: 1e6), at: at(0))
        var expected: [SendTicket] = []
        for _ in 0..<20_000 {
            if case .admitted(let ticket) = schedule.offer(SendOffer(lane: .queue, pair: "anna"), at: at(0)) {
                expected.append(ticket)
            }
        }
        var order: [SendTicket] = []
        for step in 0..<20_000 {
            let now = at(Double(step))
            for ticket in schedule.next(at: now).starts {
                order.append(ticket)
                _ = schedule.finished(ticket, .done, at: now, using: &random)
            }
        }
        #expect(order == expected)
    }
}
