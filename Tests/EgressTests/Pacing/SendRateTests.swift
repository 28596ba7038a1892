import Testing

@testable import Egress

@Suite struct SendRateTests {
    @Test func `It is the configured rate until Meta says otherwise`() {
        #expect(SendRate(configured: 80).perSecond(at: at(1000)) == 80)
    }

    @Test func `A refusal halves it, and it comes back close to where it was within a second of sending`() {
        var rate = SendRate(configured: 80)
        rate.halve(at: at(10), climbingFrom: at(10.5), accepted: nil)
        #expect(rate.perSecond(at: at(10)) == 40)
        #expect(rate.perSecond(at: at(10.5)) == 40)
        #expect(rate.perSecond(at: at(11.5)) > 77 && rate.perSecond(at: at(11.5)) < 79)
    }

    @Test func `It aims just under what was accepted, where a second of sending has shown that`() {
        var rate = SendRate(configured: 200)
        rate.halve(at: at(10), climbingFrom: at(10.5), accepted: 80)
        #expect(rate.perSecond(at: at(10.5)) == 100, "halved first, whatever was accepted")
        rate.halve(at: at(12), climbingFrom: at(12.5), accepted: 80)
        #expect(rate.perSecond(at: at(12.5)) < 50.01)
        #expect(rate.perSecond(at: at(13.5)) > 78 && rate.perSecond(at: at(13.5)) < 80)
    }

    @Test func `For some minutes after a refusal less may be sent at once`() {
        var rate = SendRate(configured: 80)
        #expect(rate.burst(at: at(0)) == .milliseconds(100))
        rate.halve(at: at(0), climbingFrom: at(1), accepted: nil)
        #expect(rate.burst(at: at(300)) == .milliseconds(25))
        #expect(rate.burst(at: at(602)) == .milliseconds(100))
    }

    @Test func `It climbs without a step back, never above what is configured, and all the way`() {
        var rate = SendRate(configured: 80)
        for second in 1...4 { rate.halve(at: at(Double(second)), climbingFrom: at(Double(second)), accepted: nil) }
        let rates = (4...200).map { rate.perSecond(at: at(Double($0))) }
        #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(rates[0] < 40)
        #expect(rates.last == 80)
    }

    @Test func `From a quarter it is back within three minutes`() {
        var rate = SendRate(configured: 1000)
        rate.halve(at: at(0), climbingFrom: at(0), accepted: nil)
        rate.halve(at: at(0), climbingFrom: at(0), accepted: nil)
        #expect(rate.perSecond(at: at(0)) == 250)
        #expect(rate.perSecond(at: at(180)) == 1000)
    }

    @Test func `It does not sink below a sixty-fourth`() {
        var rate = SendRate(configured: 64)
        for tenth in 0..<100 {
            rate.halve(at: at(Double(tenth) / 10), climbingFrom: at(Double(tenth) / 10), accepted: nil)
        }
        #expect(rate.perSecond(at: at(9.9)) == 1)
    }
}
