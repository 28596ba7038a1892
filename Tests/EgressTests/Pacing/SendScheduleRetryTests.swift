import Testing

@testable import Egress

@Suite struct SendScheduleRetryTests {
    @Test func `A throttled pair waits 1 s, 4 s, 16 s, and it alone`() {
        var bench = Bench()
        bench.offer("anna.1", .queue, at: 0)
        var now = 0.0
        for (count, wait) in [1.0, 4, 16, 64].enumerated() {
            #expect(bench.starts(at: now) == ["anna.1"])
            let aftermath = bench.finish("anna.1", .again(131056), at: now + 0.5)
            #expect(aftermath == SendAftermath(fate: .waits(until: at(now + 0.5 + wait)), attempts: 0))
            bench.offer("boris.\(count)", .queue, at: now + 0.5)
            #expect(bench.starts(at: now + 0.6) == ["boris.\(count)"])
            _ = bench.finish("boris.\(count)", at: now + 0.7)
            now += 0.5 + wait
            #expect(bench.starts(at: now - 0.01) == [])
        }
        #expect(bench.starts(at: now) == ["anna.1"])
        _ = bench.finish("anna.1", at: now)
        bench.offer("anna.2", .queue, at: now)
        _ = bench.starts(at: now)
        #expect(bench.finish("anna.2", .again(131056), at: now).fate == .waits(until: at(now + 1)))
    }

    @Test func `A pair's wait is at least what Retry-After says`() {
        var bench = Bench()
        bench.offer("anna.1", .queue, at: 0)
        _ = bench.starts(at: 0)
        let verdict = GraphVerdict.again(131056, retryAfter: .seconds(9))
        #expect(bench.finish("anna.1", verdict, at: 0).fate == .waits(until: at(9)))
    }

    @Test func `A pair's wait holds its requests and its jobs`() {
        var bench = Bench()
        bench.offer("anna.job", .queue, at: 0)
        _ = bench.starts(at: 0)
        _ = bench.finish("anna.job", .again(131056), at: 0)
        bench.offer("anna.request", at: 0.1)
        #expect(bench.starts(at: 0.9) == [])
        #expect(bench.starts(at: 1) == ["anna.request"])
    }

    @Test func `A pair error of a call without a pair holds that call alone`() {
        var bench = Bench()
        for name in ["read1", "read2"] { bench.offer(name, .queue, at: 0) }
        _ = bench.starts(at: 0)
        #expect(bench.finish("read1", .again(131056), at: 0).fate == .waits(until: at(1)))
        bench.offer("read3", .queue, at: 0)
        #expect(bench.starts(at: 0.5) == ["read3"])
        #expect(bench.starts(at: 1) == ["read1"])
    }

    @Test func `A throttled number stops all sends and no other call`() {
        var bench = Bench(SendLimits(ratePerSecond: 80))
        for number in 0..<4 { bench.offer("r\(number).1", .queue, at: 0) }
        _ = bench.starts(at: 0)
        guard case .waits(let until) = bench.finish("r0.1", .again(131057), at: 1).fate else {
            Issue.record("not retried")
            return
        }
        #expect(until >= at(31) && until <= at(61))
        _ = bench.finish("r1.1", at: 1.1)
        bench.offer("media", .queue, isSend: false, at: 2)
        bench.offer("read", .queue, at: 2)
        let turn = bench.next(at: 2)
        #expect(bench.names(turn.starts) == ["media"])
        #expect(turn.wake == until)
        #expect(bench.schedule.counters(at: at(2)).sendsWaitUntil == until)
        #expect(Set(bench.starts(at: until.seconds + 1e-6)) == ["r0.1", "read"])
        #expect(bench.schedule.counters(at: until).ratePerSecond == 80)
    }

    @Test func `A burst of 130429 from calls in flight halves the rate once`() {
        var bench = Bench(SendLimits(ratePerSecond: 80))
        for number in 0..<8 { bench.offer("r\(number).1", .queue, at: 0) }
        #expect(bench.starts(at: 0).count == 8)
        for number in 0..<8 {
            let aftermath = bench.finish("r\(number).1", .again(130429), at: 0.1 + Double(number) / 1000)
            guard case .waits(let until) = aftermath.fate else {
                Issue.record("not retried")
                return
            }
            #expect(until <= at(1.1))
            #expect(aftermath.attempts == 0)
        }
        #expect(bench.schedule.counters(at: at(0.11)).ratePerSecond == 40)
    }

    @Test func `What management calls are told to wait holds up no send`() {
        var bench = Bench()
        for name in ["media1", "media2"] { bench.offer(name, .queue, isSend: false, at: 0) }
        _ = bench.starts(at: 0)
        _ = bench.finish("media1", .again(80007, retryAfter: .seconds(60)), at: 0)
        bench.offer("media3", .queue, isSend: false, at: 1)
        bench.offer("anna.1", .queue, at: 1)
        #expect(bench.starts(at: 1) == ["anna.1"])
        #expect(Set(bench.starts(at: 60)) == ["media1", "media3"])
    }

    @Test func `A connection that cannot be made holds up every call a little, and costs no attempt`() {
        var bench = Bench()
        bench.offer("anna.1", at: 0)
        bench.offer("media", isSend: false, at: 0)
        _ = bench.starts(at: 0)
        let aftermath = bench.finish("anna.1", .retry(.notWritten), at: 1)
        guard case .waits(let until) = aftermath.fate else {
            Issue.record("not retried")
            return
        }
        #expect(until <= at(1.1) && aftermath.attempts == 0)
        #expect(bench.finish("media", .retry(.notWritten), at: 1).fate == .waits(until: until))
        #expect(Set(bench.starts(at: until.seconds + 1e-6)) == ["anna.1", "media"])
    }

    @Test func `A retry that would come too late is not waited for`() {
        var bench = Bench()
        bench.offer("anna.1", writeBy: 4, at: 0)
        bench.offer("anna.2", writeBy: 60, at: 0)
        _ = bench.starts(at: 0)
        let verdict = GraphVerdict.again(131056, retryAfter: .seconds(4))
        #expect(bench.finish("anna.1", verdict, at: 0.5).fate == .outOfTime)
        #expect(bench.starts(at: 4.4) == [])
        #expect(bench.starts(at: 4.5) == ["anna.2"])
    }

    @Test func `A call whose time ran out before it was written holds up nobody`() {
        var bench = Bench()
        bench.offer("anna.1", writeBy: 4, at: 0)
        bench.offer("boris.1", at: 0)
        _ = bench.starts(at: 0)
        #expect(bench.finish("anna.1", .retry(.notWritten), at: 4).fate == .outOfTime)
        bench.offer("clara.1", at: 4)
        #expect(bench.starts(at: 4) == ["clara.1"])
    }

    @Test func `The request lane tries again only what was throttled or never written`() {
        var bench = Bench()
        for name in ["a.1", "b.1", "c.1", "d.1"] { bench.offer(name, at: 0) }
        _ = bench.starts(at: 0)
        #expect(bench.finish("a.1", .again(131000), at: 0).fate == .settled)
        #expect(bench.finish("b.1", .doubtful, at: 0).fate == .settled)
        #expect(bench.finish("c.1", .retry(.inDoubt), at: 0).fate == .settled)
        #expect(bench.finish("d.1", .again(131056), at: 0).fate == .waits(until: at(1)))
    }

    @Test func `A few attempts are as many as the list has waits`() {
        var bench = Bench()
        bench.offer("anna.1", .queue, at: 0)
        var fates: [SendAftermath.Fate] = []
        for second in [0.0, 2, 10] {
            #expect(bench.starts(at: second) == ["anna.1"])
            fates.append(bench.finish("anna.1", .again(1), at: second).fate)
        }
        #expect(fates == [.waits(until: at(2)), .waits(until: at(10)), .outOfAttempts])
        #expect(bench.schedule.counters(at: at(10)).waitingJobs == 0)
    }

    @Test func `A job is tried as often as it may, and throttling does not count`() {
        var bench = Bench(SendLimits(ratePerSecond: 1000, attempts: 3))
        bench.offer("anna.1", .queue, at: 0)
        var now = 0.0
        var attempts: [Int] = []
        for code in [131016, 131056, 131016, 131056, 131016] {
            #expect(bench.starts(at: now) == ["anna.1"])
            let aftermath = bench.finish("anna.1", .again(code), at: now)
            attempts.append(aftermath.attempts)
            if case .waits(let until) = aftermath.fate { now = until.seconds + 1e-6 }
            if attempts.count == 5 { #expect(aftermath.fate == .outOfAttempts) }
        }
        #expect(attempts == [1, 1, 2, 2, 3])
        #expect(bench.schedule.counters(at: at(now)).waitingJobs == 0)
    }

    @Test func `Pairs that are idle are forgotten, throttled ones after as long again as they waited`() {
        var bench = Bench()
        for number in 0..<100 { bench.offer("r\(number).1", writeBy: 1.5, at: 0) }
        #expect(bench.starts(at: 0).count == 100)
        #expect(bench.schedule.rememberedPairs == 100)
        for number in 0..<100 {
            _ = bench.finish("r\(number).1", number < 90 ? .done : .again(131056), at: 1)
        }
        #expect(bench.schedule.rememberedPairs == 10)
        #expect(bench.next(at: 2.9).wake == at(3))
        #expect(bench.schedule.rememberedPairs == 10)
        #expect(bench.next(at: 3).wake == nil)
        #expect(bench.schedule.rememberedPairs == 0)
    }

    @Test func `No more than ten thousand idle pairs are remembered`() {
        var bench = Bench(SendLimits(inFlight: 1, ratePerSecond: 1e9))
        for number in 0..<12_000 {
            bench.offer("r\(number).1", writeBy: 0.5, at: 0)
            _ = bench.starts(at: 0)
            _ = bench.finish("r\(number).1", .again(131056), at: 0)
        }
        #expect(bench.schedule.rememberedPairs <= 10_001)
    }
}
