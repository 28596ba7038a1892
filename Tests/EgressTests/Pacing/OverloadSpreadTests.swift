import Testing

@testable import Egress

/// Error 2, which is about one call, or about the number if it persists.
@Suite struct OverloadSpreadTests {
    private func offer(_ bench: inout Bench, _ names: String..., lane: SendLane = .queue, at now: Double) {
        for name in names { bench.offer(name, lane, at: now) }
    }

    @Test func `Three calls in a row hold up all sends, up to 1 s, 2 s, 4 s, until one gets through`() {
        var bench = Bench()
        self.offer(&bench, "a.1", "b.1", "c.1", at: 0)
        _ = bench.starts(at: 0)
        for name in ["a.1", "b.1"] { _ = bench.finish(name, .again(2), at: 1) }
        #expect(bench.schedule.counters(at: at(1)).sendsWaitUntil == nil)
        _ = bench.finish("c.1", .again(2), at: 1)
        var last = 1.0
        var ends: [Double] = []
        for (step, longest) in [1.0, 2, 4, 8].enumerated() {
            guard let end = bench.schedule.counters(at: at(last)).sendsWaitUntil else {
                Issue.record("no wait")
                return
            }
            ends.append(end.seconds)
            #expect(end.seconds > last && end.seconds <= last + longest)
            self.offer(&bench, "d\(step).1", at: last)
            #expect(!bench.starts(at: end.seconds - 1e-6).contains("d\(step).1"))
            #expect(bench.starts(at: end.seconds + 1e-6).contains("d\(step).1"))
            last = end.seconds + 0.001
            if step < 3 { _ = bench.finish("d\(step).1", .again(2), at: last) }
        }
        _ = bench.finish("d3.1", at: last)
        #expect(bench.schedule.counters(at: at(last)).sendsWaitUntil == nil)
        self.offer(&bench, "e.1", at: last)
        _ = bench.starts(at: last)
        _ = bench.finish("e.1", .again(2), at: last)
        #expect(bench.schedule.counters(at: at(last)).sendsWaitUntil == nil)
    }

    @Test(arguments: [GraphVerdict.done, .giveUp, .again(131000), .again(131056)])
    func `Another answer in between says that it is about single calls`(answer: GraphVerdict) {
        var bench = Bench()
        self.offer(&bench, "a.1", "b.1", "c.1", "d.1", at: 0)
        _ = bench.starts(at: 0)
        _ = bench.finish("a.1", .again(2), at: 1)
        _ = bench.finish("b.1", .again(2), at: 1)
        _ = bench.finish("c.1", answer, at: 1)
        _ = bench.finish("d.1", .again(2), at: 1)
        #expect(bench.schedule.counters(at: at(1)).sendsWaitUntil == nil)
    }

    @Test(arguments: [GraphVerdict.doubtful, .retry(.inDoubt), .denied])
    func `What is no answer says nothing`(verdict: GraphVerdict) {
        var bench = Bench()
        self.offer(&bench, "a.1", "b.1", "c.1", "d.1", at: 0)
        _ = bench.starts(at: 0)
        _ = bench.finish("a.1", .again(2), at: 1)
        _ = bench.finish("b.1", .again(2), at: 1)
        _ = bench.finish("c.1", verdict, at: 1)
        _ = bench.finish("d.1", .again(2), at: 1)
        #expect(bench.schedule.counters(at: at(1)).sendsWaitUntil != nil)
    }

    @Test func `One job that is tried again and again holds up nobody`() {
        var bench = Bench()
        self.offer(&bench, "a.1", at: 0)
        var now = 0.0
        for _ in 0..<6 {
            #expect(bench.starts(at: now) == ["a.1"])
            guard case .waits(let until) = bench.finish("a.1", .again(2), at: now).fate else {
                Issue.record("not retried")
                return
            }
            #expect(bench.schedule.counters(at: at(now)).sendsWaitUntil == nil)
            now = until.seconds + 1e-6
        }
    }

    @Test func `Requests count too, and calls that are no sends apart`() {
        var bench = Bench()
        self.offer(&bench, "a.1", "b.1", lane: .request, at: 0)
        self.offer(&bench, "c.1", at: 0)
        for name in ["media1", "media2"] { bench.offer(name, .queue, isSend: false, at: 0) }
        _ = bench.starts(at: 0)
        for name in ["a.1", "media1", "b.1", "media2"] { _ = bench.finish(name, .again(2), at: 1) }
        #expect(bench.schedule.counters(at: at(1)).sendsWaitUntil == nil)
        _ = bench.finish("c.1", .again(2), at: 1)
        #expect(bench.schedule.counters(at: at(1)).sendsWaitUntil != nil)
    }
}
