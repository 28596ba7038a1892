import Testing

@testable import Egress

/// What only jobs have: a past, doubt, a lane that may deny a try, and a way back.
@Suite struct SendScheduleJobTests {
    @Test func `A job offered in doubt keeps its place in its recipient's order, and starts nothing`() {
        var bench = Bench()
        bench.offer("anna.1", .queue, at: 0)
        bench.offer("anna.2", .queue, attempts: 1, isInDoubt: true, at: 0)
        for name in ["anna.3", "boris.1"] { bench.offer(name, .queue, at: 0) }
        #expect(bench.starts(at: 0) == ["anna.1", "boris.1"])
        #expect(bench.schedule.counters(at: at(0)).jobsInDoubt == 1)
        _ = bench.finish("anna.1", at: 1)
        #expect(bench.starts(at: 30) == [])
        #expect(bench.resolve("anna.2", .done, at: 30) == SendAftermath(fate: .settled, attempts: 1))
        #expect(bench.starts(at: 30) == ["anna.3"])
        #expect(bench.schedule.counters(at: at(30)).jobsInDoubt == 0)
    }

    @Test func `Jobs in doubt without a recipient wait beside everything else`() {
        var bench = Bench()
        bench.offer("post1", .queue, attempts: 1, isInDoubt: true, at: 0)
        bench.offer("post2", .queue, at: 0)
        #expect(bench.starts(at: 0) == ["post2"])
        guard case .waits(let until) = bench.resolve("post1", .retry(.inDoubt), at: 60).fate else {
            Issue.record("not retried")
            return
        }
        #expect(bench.starts(at: until.seconds + 1e-6) == ["post1"])
    }

    @Test func `Requests pass a recipient's job that is in doubt or waits for its own retry`() {
        var bench = Bench()
        for name in ["anna.1", "boris.1"] { bench.offer(name, .queue, at: 0) }
        _ = bench.starts(at: 0)
        _ = bench.finish("anna.1", .doubtful, at: 0)
        _ = bench.finish("boris.1", .again(1), at: 0)
        for name in ["anna.job", "boris.job"] { bench.offer(name, .queue, at: 0) }
        for name in ["anna.request", "boris.request"] { bench.offer(name, .request, at: 0) }
        #expect(bench.starts(at: 1).sorted() == ["anna.request", "boris.request"])
    }

    @Test func `A job in doubt does not expire; to be tried again, it may be out of time or attempts`() {
        var bench = Bench(SendLimits(ratePerSecond: 1000, attempts: 3))
        bench.offer("anna.1", .queue, writeBy: 10, attempts: 1, isInDoubt: true, at: 0)
        bench.offer("boris.1", .queue, attempts: 3, isInDoubt: true, at: 0)
        let turn = bench.next(at: 20)
        #expect(turn.expired == [] && turn.starts == [])
        #expect(bench.resolve("anna.1", .retry(.inDoubt), at: 20) == SendAftermath(fate: .outOfTime, attempts: 1))
        #expect(bench.resolve("boris.1", .retry(.inDoubt), at: 20) == SendAftermath(fate: .outOfAttempts, attempts: 3))
        #expect(bench.schedule.rememberedPairs == 0)
    }

    @Test func `Attempts that counted before count`() {
        var bench = Bench(SendLimits(ratePerSecond: 1000, attempts: 3))
        #expect(bench.offer("anna.1", .queue, attempts: 3, at: 0) == .outOfAttempts)
        bench.offer("anna.2", .queue, attempts: 2, at: 0)
        #expect(bench.starts(at: 0) == ["anna.2"])
        #expect(bench.finish("anna.2", .again(131016), at: 0) == SendAftermath(fate: .outOfAttempts, attempts: 3))
        bench.offer("anna.3", .queue, writeBy: 5, attempts: 1, at: 1)
        bench.offer("boris.1", .queue, writeBy: 1, attempts: 2, at: 1)
        #expect(bench.next(at: 1).expired.map(\.attempts) == [2])
    }

    @Test func `A try that its lane denies costs nothing, and holds up this job alone, up to 5 s`() {
        var bench = Bench()
        bench.offer("anna.1", .queue, at: 0)
        var now = 0.0
        var waits: [Double] = []
        for step in 0..<200 {
            #expect(bench.starts(at: now) == ["anna.1"])
            let aftermath = bench.finish("anna.1", .denied, at: now)
            guard case .waits(let until) = aftermath.fate, aftermath.attempts == 0 else {
                Issue.record("\(aftermath)")
                return
            }
            waits.append(until.seconds - now)
            bench.offer("boris.\(step)", .queue, at: now)
            #expect(bench.starts(at: now) == ["boris.\(step)"])
            _ = bench.finish("boris.\(step)", at: now)
            now = until.seconds + 1e-6
        }
        for (retry, wait) in waits.enumerated() { #expect(wait < min(5, 0.1 * Double(1 << min(retry, 10))) + 1e-3) }
        #expect(waits.max() ?? 0 > 4)
    }

    @Test func `Denied tries take nothing from the few that a code allows, and are forgotten by the next real one`() {
        var bench = Bench()
        bench.offer("anna.1", .queue, at: 0)
        var now = 0.0
        var fates: [SendAftermath.Fate] = []
        for _ in 0..<3 {
            for verdict in [GraphVerdict.denied, .denied, .again(1)] {
                #expect(bench.starts(at: now) == ["anna.1"])
                fates.append(bench.finish("anna.1", verdict, at: now).fate)
                guard case .waits(let until) = fates.last else { continue }
                if verdict == .denied { #expect(until <= at(now + 0.2)) }
                now = until.seconds + 1e-6
            }
        }
        #expect(fates.count == 9 && fates.last == .outOfAttempts)
    }

    @Test func `A denied try says nothing about the way to Graph`() {
        var bench = Bench()
        for name in ["anna.1", "boris.1"] { bench.offer(name, .queue, at: 0) }
        _ = bench.starts(at: 0)
        _ = bench.finish("anna.1", .retry(.notWritten), at: 1)
        let end = bench.schedule.counters(at: at(1)).sendsWaitUntil
        _ = bench.finish("boris.1", .denied, at: 1)
        #expect(end != nil && bench.schedule.counters(at: at(1)).sendsWaitUntil == end)
    }

    @Test func `A denied job whose time is over is out of time`() {
        var bench = Bench()
        bench.offer("anna.1", .queue, writeBy: 4, at: 0)
        _ = bench.starts(at: 0)
        #expect(bench.finish("anna.1", .denied, at: 4).fate == .outOfTime)
    }

    @Test(arguments: [
        (GraphVerdict.done, SendAftermath.Fate.settled), (.giveUp, .settled), (.doubtful, .withdrawn),
        (.denied, .withdrawn), (.retry(.notWritten), .withdrawn), (.again(130429), .withdrawn),
        (.pauseAccount(GraphAnswer(status: 401, body: [])), .withdrawn),
    ])
    func `A job taken back in flight is withdrawn, unless Meta has settled it`(
        verdict: GraphVerdict, fate: SendAftermath.Fate
    ) {
        var bench = Bench()
        for name in ["anna.1", "anna.2"] { bench.offer(name, .queue, at: 0) }
        _ = bench.starts(at: 0)
        let isGone = bench.cancel("anna.1", at: 1)
        #expect(!isGone && bench.isTakenBack("anna.1"))
        #expect(bench.finish("anna.1", verdict, at: 2).fate == fate)
        #expect(!bench.isTakenBack("anna.1"))
        #expect(bench.schedule.counters(at: at(2)).jobsInDoubt == 0)
        bench.schedule.resume(at: at(120))
        #expect(bench.starts(at: 120) == ["anna.2"])
    }

    @Test func `A job in doubt that is taken back is gone, and its recipient goes on`() {
        var bench = Bench()
        bench.offer("anna.1", .queue, isInDoubt: true, at: 0)
        bench.offer("anna.2", .queue, at: 0)
        #expect(bench.starts(at: 0) == [])
        let isGone = bench.cancel("anna.1", at: 1)
        #expect(isGone && bench.starts(at: 1) == ["anna.2"])
        #expect(bench.schedule.counters(at: at(1)).jobsInDoubt == 0)
    }
}
