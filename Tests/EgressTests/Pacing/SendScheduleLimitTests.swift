import Testing

@testable import Egress

@Suite struct SendScheduleLimitTests {
    @Test func `No more calls are in flight than allowed`() {
        var bench = Bench(SendLimits(inFlight: 3, ratePerSecond: 1000))
        for number in 0..<10 { bench.offer("r\(number).1", at: 0) }
        #expect(bench.starts(at: 0).count == 3)
        #expect(bench.next(at: 1).wake == nil)
        _ = bench.finish("r0.1", at: 1)
        #expect(bench.starts(at: 1) == ["r3.1"])
    }

    @Test func `Sends keep to the rate, and the turn says when the next is due`() {
        var bench = Bench(SendLimits(ratePerSecond: 80))
        for number in 0..<20 { bench.offer("r\(number).1", at: 0) }
        let turn = bench.next(at: 0)
        #expect(turn.starts.count == 8)
        #expect(turn.wake.map { $0 > at(0.0124) && $0 < at(0.0126) } == true)
        #expect(bench.starts(at: 0.0126).count == 1)
        #expect(bench.starts(at: 0.05).count == 3)
    }

    @Test func `Calls that do not go to messages are not held to the rate`() {
        var bench = Bench(SendLimits(ratePerSecond: 1))
        for number in 0..<20 { bench.offer("media\(number)", isSend: false, at: 0) }
        for number in 0..<20 { bench.offer("read\(number)", at: 0) }
        #expect(bench.starts(at: 0).filter { $0.hasPrefix("media") }.count == 20)
        #expect(bench.schedule.counters(at: at(0)).inFlight == 21)
    }

    @Test func `More requests than may wait are turned away; jobs are not`() {
        var bench = Bench(SendLimits(inFlight: 1, waitingRequests: 2, ratePerSecond: 1000))
        bench.offer("r0.1", at: 0)
        _ = bench.starts(at: 0)
        for number in 0..<10 { bench.offer("job\(number)", .queue, at: 0) }
        let admissions = (1...3).map { bench.offer("r\($0).1", at: 0) }
        #expect(admissions[2] == .overloaded)
        #expect(bench.schedule.counters(at: at(0)).waitingRequests == 2)
        #expect(bench.schedule.counters(at: at(0)).waitingJobs == 10)
        _ = bench.finish("r0.1", at: 1)
        _ = bench.starts(at: 1)
        #expect(bench.offer("r4.1", at: 1) != .overloaded)
    }

    @Test func `What is not started in time comes out as expired, at that instant, and is never started`() {
        var bench = Bench(SendLimits(inFlight: 1, ratePerSecond: 1000))
        bench.offer("anna.1", at: 0)
        #expect(bench.starts(at: 0) == ["anna.1"])
        bench.offer("anna.2", writeBy: 4, at: 0)
        bench.offer("read", writeBy: 5, at: 0)
        #expect(bench.next(at: 0).wake == at(4))
        let turn = bench.next(at: 4)
        #expect(bench.names(turn.expired.map(\.ticket)) == ["anna.2"])
        #expect(turn.wake == at(5))
        _ = bench.finish("anna.1", at: 5)
        let last = bench.next(at: 5)
        #expect(bench.names(last.expired.map(\.ticket)) == ["read"])
        #expect(last.starts == [] && last.wake == nil)
    }

    @Test func `What is offered too late expires at once`() {
        var bench = Bench()
        bench.offer("anna.1", writeBy: 1, at: 2)
        let turn = bench.next(at: 2)
        #expect(bench.names(turn.expired.map(\.ticket)) == ["anna.1"] && turn.starts == [])
    }

    @Test func `A call in flight does not expire`() {
        var bench = Bench()
        bench.offer("anna.1", writeBy: 1, at: 0)
        _ = bench.starts(at: 0)
        #expect(bench.next(at: 10).expired == [])
        #expect(bench.finish("anna.1", at: 10).fate == .settled)
    }

    @Test func `A time that goes back changes nothing`() {
        var bench = Bench(SendLimits(ratePerSecond: 1))
        bench.offer("anna.1", at: 10)
        bench.offer("boris.1", at: 10)
        #expect(bench.starts(at: 10) == ["anna.1"])
        _ = bench.finish("anna.1", at: 3)
        #expect(bench.starts(at: 5) == [])
        #expect(bench.starts(at: 11.001) == ["boris.1"])
    }
}
