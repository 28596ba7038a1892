import Testing

@testable import Egress

@Suite struct SendSchedulePauseTests {
    private let expired = GraphAnswer(status: 401, body: Array("expired".utf8))
    private let invalid = GraphAnswer(status: 401, body: Array("invalid".utf8))

    @Test func `A worn-out token refuses waiting requests at once, with Graph's answer, and keeps the jobs`() {
        var bench = Bench(SendLimits(inFlight: 2, ratePerSecond: 1000))
        for name in ["anna.1", "boris.1", "anna.2", "dora.1"] { bench.offer(name, at: 0) }
        _ = bench.starts(at: 0)
        bench.offer("job.1", .queue, at: 0)
        #expect(bench.finish("anna.1", .pauseAccount(self.expired), at: 1).fate == .settled)
        let turn = bench.next(at: 1)
        #expect(turn.pause == self.expired)
        #expect(bench.names(turn.refused).sorted() == ["anna.2", "dora.1"])
        #expect(turn.starts == [])
        #expect(bench.offer("clara.1", at: 2) == .paused(self.expired))
        #expect(bench.finish("boris.1", .pauseAccount(self.invalid), at: 2).fate == .settled)
        let second = bench.next(at: 2)
        #expect(second.pause == nil && second.refused == [])
        #expect(bench.offer("clara.1", at: 2) == .paused(self.invalid))
        #expect(bench.schedule.counters(at: at(2)).pause == self.invalid)
        bench.schedule.resume(at: at(3))
        #expect(bench.starts(at: 3) == ["job.1"])
    }

    @Test func `A job that met a worn-out token goes back to the head of its recipient and costs no attempt`() {
        var bench = Bench()
        for name in ["anna.1", "anna.2"] { bench.offer(name, .queue, at: 0) }
        _ = bench.starts(at: 0)
        #expect(bench.finish("anna.1", .pauseAccount(self.expired), at: 1).attempts == 0)
        #expect(bench.starts(at: 2) == [])
        bench.schedule.resume(at: at(3))
        #expect(bench.starts(at: 3) == ["anna.1"])
    }

    @Test func `A token is tried once a minute, and nothing else is started`() {
        var bench = Bench()
        bench.offer("anna.1", .queue, at: 0)
        _ = bench.starts(at: 0)
        _ = bench.finish("anna.1", .pauseAccount(self.expired), at: 0)
        var probes: [Double] = []
        var wake: ContinuousClock.Instant? = at(0)
        while let now = wake?.seconds, now <= 180 {
            let turn = bench.next(at: now)
            if turn.isProbeDue { probes.append(now) }
            #expect(turn.starts == [])
            wake = turn.wake
        }
        #expect(probes == [60, 120, 180])
        bench.schedule.probeFailed(self.invalid, at: at(181))
        #expect(bench.schedule.counters(at: at(181)).pause == self.invalid)
        bench.schedule.resume(at: at(182))
        #expect(bench.next(at: 500).isProbeDue == false)
    }

    @Test func `Answers of calls from before the new token pause nothing`() {
        var bench = Bench()
        for name in ["anna.1", "boris.1", "clara.1"] { bench.offer(name, .queue, at: 0) }
        _ = bench.starts(at: 0)
        _ = bench.finish("anna.1", .pauseAccount(self.expired), at: 1)
        bench.schedule.resume(at: at(2))
        _ = bench.finish("boris.1", .pauseAccount(self.expired), at: 3)
        #expect(bench.schedule.counters(at: at(3)).pause == nil)
        #expect(Set(bench.starts(at: 3)) == ["anna.1", "boris.1"])
        _ = bench.finish("anna.1", .pauseAccount(self.invalid), at: 4)
        #expect(bench.schedule.counters(at: at(4)).pause == self.invalid)
    }

    @Test func `A request throttled while its account pauses is not kept waiting`() {
        var bench = Bench()
        for name in ["anna.1", "boris.1"] { bench.offer(name, at: 0) }
        _ = bench.starts(at: 0)
        _ = bench.finish("anna.1", .pauseAccount(self.expired), at: 1)
        #expect(bench.finish("boris.1", .again(131056), at: 1).fate == .settled)
    }

    @Test func `Jobs expire while their account is paused`() {
        var bench = Bench()
        bench.offer("anna.1", .queue, at: 0)
        bench.offer("anna.2", .queue, writeBy: 10, at: 0)
        _ = bench.starts(at: 0)
        _ = bench.finish("anna.1", .pauseAccount(self.expired), at: 1)
        #expect(bench.next(at: 1).wake == at(10))
        #expect(bench.names(bench.next(at: 10).expired.map(\.ticket)) == ["anna.2"])
    }
}
