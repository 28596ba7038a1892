import Testing

@testable import Egress

@Suite struct SendScheduleOrderTests {
    @Test func `One recipient's calls go one after another, in order, and others at once`() {
        var bench = Bench()
        for name in ["anna.1", "anna.2", "anna.3", "boris.1"] { bench.offer(name, at: 0) }
        #expect(bench.starts(at: 0) == ["anna.1", "boris.1"])
        #expect(bench.starts(at: 1) == [])
        _ = bench.finish("anna.1", at: 1)
        #expect(bench.starts(at: 1) == ["anna.2"])
        _ = bench.finish("anna.2", .giveUp, at: 2)
        #expect(bench.starts(at: 2) == ["anna.3"])
    }

    @Test func `Calls without a recipient wait for nobody`() {
        var bench = Bench()
        for name in ["read-1", "anna.1", "read-2", "anna.2", "read-3"] { bench.offer(name, at: 0) }
        let starts = bench.starts(at: 0)
        #expect(starts.sorted() == ["anna.1", "read-1", "read-2", "read-3"])
        #expect(starts.filter { $0.hasPrefix("read") } == ["read-1", "read-2", "read-3"])
    }

    @Test func `A recipient with ten thousand waiting does not starve others`() {
        var bench = Bench(SendLimits(inFlight: 1, ratePerSecond: 1000))
        for number in 0..<10_000 { bench.offer("anna.\(number)", .queue, at: 0) }
        #expect(bench.starts(at: 0) == ["anna.0"])
        bench.offer("boris.1", .queue, at: 1)
        bench.offer("clara.1", .queue, at: 1)
        var order: [String] = []
        var last = "anna.0"
        for second in 1...4 {
            _ = bench.finish(last, at: Double(second))
            let starts = bench.starts(at: Double(second))
            order += starts
            last = starts[0]
        }
        #expect(order == ["boris.1", "clara.1", "anna.1", "anna.2"])
    }

    @Test func `A recipient keeps its turn when more comes in for it`() {
        var bench = Bench(SendLimits(inFlight: 1, ratePerSecond: 1000))
        for name in ["anna.1", "boris.1", "clara.1", "boris.2"] { bench.offer(name, at: 0) }
        var order: [String] = []
        for step in 0..<4 {
            let starts = bench.starts(at: Double(step))
            order += starts
            for name in starts { _ = bench.finish(name, at: Double(step) + 0.5) }
        }
        #expect(order == ["anna.1", "boris.1", "clara.1", "boris.2"])
    }

    @Test func `Sends with and without a recipient, and other calls, take turns`() {
        var bench = Bench(SendLimits(inFlight: 1, ratePerSecond: 1000))
        for number in 0..<100 { bench.offer("read\(number)", .queue, at: 0) }
        for number in 0..<100 { bench.offer("media\(number)", .queue, isSend: false, at: 0) }
        for number in 0..<100 { bench.offer("r\(number).1", .queue, at: 0) }
        var starts: [String] = []
        for step in 0..<30 {
            let started = bench.starts(at: Double(step))
            #expect(started.count == 1)
            starts += started
            _ = bench.finish(started[0], at: Double(step) + 0.5)
        }
        #expect(starts.filter { $0.hasPrefix("read") } == (0..<10).map { "read\($0)" })
        #expect(starts.filter { $0.hasPrefix("media") } == (0..<10).map { "media\($0)" })
        #expect(starts.filter { $0.hasSuffix(".1") } == (0..<10).map { "r\($0).1" })
    }

    @Test func `The request lane goes before the queue lane, also for one recipient`() {
        var bench = Bench(SendLimits(inFlight: 1, ratePerSecond: 1000))
        for name in ["anna.job1", "anna.job2", "boris.job", "job"] { bench.offer(name, .queue, at: 0) }
        for name in ["anna.request", "request"] { bench.offer(name, .request, at: 0) }
        var order: [String] = []
        for step in 0..<6 {
            let starts = bench.starts(at: Double(step))
            order += starts
            _ = bench.finish(starts[0], at: Double(step) + 0.5)
        }
        #expect(Set(order[0..<2]) == ["anna.request", "request"])
        #expect(order.count == 6)
        #expect(order.filter { $0.hasPrefix("anna.job") } == ["anna.job1", "anna.job2"])
    }

    @Test func `One recipient has one call in flight over both lanes`() {
        var bench = Bench()
        bench.offer("anna.job", .queue, at: 0)
        #expect(bench.starts(at: 0) == ["anna.job"])
        bench.offer("anna.request", .request, at: 0)
        #expect(bench.starts(at: 0) == [])
        _ = bench.finish("anna.job", at: 1)
        #expect(bench.starts(at: 1) == ["anna.request"])
    }

    @Test func `A call that is to be retried goes before its younger ones`() {
        var bench = Bench()
        for name in ["anna.1", "anna.2", "boris.1"] { bench.offer(name, .queue, at: 0) }
        _ = bench.starts(at: 0)
        let aftermath = bench.finish("anna.1", .again(131000), at: 0.125)
        #expect(aftermath.fate == .waits(until: at(1.125)))
        #expect(aftermath.attempts == 1)
        #expect(bench.starts(at: 1) == [])
        #expect(bench.next(at: 1).wake == at(1.125))
        #expect(bench.starts(at: 1.125) == ["anna.1"])
        _ = bench.finish("anna.1", at: 1.2)
        #expect(bench.starts(at: 1.2) == ["anna.2"])
    }

    @Test func `A call taken back is gone, and what stood behind it goes on`() {
        var bench = Bench()
        for name in ["anna.1", "anna.2", "anna.3", "read"] { bench.offer(name, .queue, at: 0) }
        let isGone = bench.cancel("anna.2", at: 0) && bench.cancel("read", at: 0)
        #expect(isGone)
        #expect(bench.starts(at: 0) == ["anna.1"])
        let isInFlight = !bench.cancel("anna.1", at: 0)
        #expect(isInFlight)
        #expect(bench.finish("anna.1", .again(131000), at: 1).fate == .withdrawn)
        #expect(bench.starts(at: 1) == ["anna.3"])
    }

    @Test func `A job in doubt holds up its recipient's jobs and nobody else`() {
        var bench = Bench()
        for name in ["anna.1", "anna.2", "boris.1"] { bench.offer(name, .queue, at: 0) }
        _ = bench.starts(at: 0)
        #expect(bench.finish("anna.1", .doubtful, at: 1).fate == .inDoubt)
        _ = bench.finish("boris.1", at: 1)
        bench.offer("boris.2", .queue, at: 1)
        #expect(bench.starts(at: 1) == ["boris.2"])
        #expect(bench.schedule.counters(at: at(1)).inFlight == 1)
        #expect(bench.resolve("anna.1", .done, at: 30).fate == .settled)
        #expect(bench.starts(at: 30) == ["anna.2"])
    }

    @Test func `A job in doubt can be tried again, before its younger ones`() {
        var bench = Bench()
        for name in ["anna.1", "anna.2"] { bench.offer(name, .queue, at: 0) }
        _ = bench.starts(at: 0)
        _ = bench.finish("anna.1", .doubtful, at: 1)
        guard case .waits(let until) = bench.resolve("anna.1", .retry(.inDoubt), at: 61).fate else {
            Issue.record("not retried")
            return
        }
        #expect(bench.starts(at: until.seconds + 1e-6) == ["anna.1"])
    }
}
