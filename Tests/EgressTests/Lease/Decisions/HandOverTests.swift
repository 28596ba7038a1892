import Addressing
import TestSupport
import Testing

@testable import Egress

@Suite struct HandOverTests {
    private let start = ContinuousClock.now
    private let workers = WorkerID.ranked(3)

    @Test func `A better worker is handed over to once it has been heard again, 10 s to 18 s after its first word`()
        throws
    {
        for _ in 0..<100 {
            var others = LiveWorkers(of: LeaseUnderTest.account, besides: workers[1])
            let handOver = handOver(wasHandedOver: false, last: nil)
            others.heard(workers[0], at: at(100))
            #expect(handOver.successor(among: others, at: at(124)) == nil)
            others.heard(workers[0], at: at(109))
            let first = try #require((109...130).first { handOver.successor(among: others, at: at($0)) != nil })
            #expect((110...118).contains(first))
            #expect(handOver.successor(among: others, at: at(first)) == workers[0])
        }
    }

    @Test func `A worse one, one of the same host, and one that is gone are not handed over to`() {
        var others = LiveWorkers(of: LeaseUnderTest.account, besides: workers[1])
        let handOver = handOver(wasHandedOver: false, last: nil)
        for second in stride(from: 0, through: 60, by: 10) {
            others.heard(workers[2], at: at(second))
            others.heard(WorkerID(host: workers[1].host), at: at(second))
            others.heard(workers[1], at: at(second))
            if second < 30 { others.heard(workers[0], at: at(second)) }
        }
        #expect(handOver.successor(among: others, at: at(60)) == nil)
    }

    @Test(arguments: [(false, nil, 10), (true, nil, 60), (false, -20, 40), (true, -20, 60), (false, -100, 10)])
    func `Nobody is handed over to too soon`(wasHandedOver: Bool, last: Int?, earliest: Int) {
        var others = LiveWorkers(of: LeaseUnderTest.account, besides: workers[1])
        for second in stride(from: -30, through: 120, by: 10) { others.heard(workers[0], at: at(second)) }
        let handOver = handOver(wasHandedOver: wasHandedOver, last: last)
        #expect((0...120).first { handOver.successor(among: others, at: at($0)) != nil } == earliest)
    }

    @Test func `The lease is released to the best of those that are live`() {
        var others = LiveWorkers(of: LeaseUnderTest.account, besides: workers[0])
        #expect(others.successor(at: at(0)) == nil)
        others.heard(workers[2], at: at(0))
        others.heard(workers[1], at: at(0))
        #expect(others.successor(at: at(24)) == workers[1])
        others.left(workers[1])
        #expect(others.successor(at: at(24)) == workers[2])
        #expect(others.successor(at: at(25)) == nil)
    }

    @Test func `A worker knows whether it comes first`() {
        var others = LiveWorkers(of: LeaseUnderTest.account, besides: workers[1])
        #expect(others.isOwnFirst(at: at(0)))
        others.heard(workers[2], at: at(0))
        #expect(others.isOwnFirst(at: at(0)))
        others.heard(workers[0], at: at(0))
        #expect(!others.isOwnFirst(at: at(1)))
        #expect(others.isOwnFirst(at: at(30)))
    }

    @Test func `Any number of names does not fill the memory, and none is kept that is gone`() {
        var others = LiveWorkers(of: LeaseUnderTest.account, besides: workers[1])
        for number in 0..<500 { others.heard(WorkerID(host: "noise\(number)"), at: at(0)) }
        others.heard(workers[0], at: at(30))
        #expect(others.successor(at: at(30)) == workers[0])
    }

    private func handOver(wasHandedOver: Bool, last: Int?) -> HandOver {
        var random = SystemRandomNumberGenerator()
        return HandOver(heldSince: start, wasHandedOver: wasHandedOver, last: last.map(at), using: &random)
    }

    private func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }
}
