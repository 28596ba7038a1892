import Testing

@testable import Egress

@Suite struct AcceptedRateTests {
    @Test func `It counts what was accepted in the last ten whole tenths of a second`() {
        var rate = AcceptedRate(at: at(0))
        for number in 0..<200 { rate.count(at: at(Double(number) / 80)) }
        let told = rate.perSecond(at: at(2.45))
        #expect(told.map { (78...82).contains($0) } == true)
    }

    @Test func `Where a tenth had none there is no steady rate to tell`() {
        var rate = AcceptedRate(at: at(0))
        let told = rate.perSecond(at: at(0.5))
        #expect(told == nil)
        for number in 0..<100 { rate.count(at: at(Double(number) / 80)) }
        let later = rate.perSecond(at: at(3))
        #expect(later == nil, "nothing was sent for two seconds")
    }

    @Test func `Long silence costs no time`() {
        var rate = AcceptedRate(at: at(0))
        rate.count(at: at(0))
        rate.count(at: at(1e9))
        let told = rate.perSecond(at: at(1e9 + 0.1))
        #expect(told == nil)
    }
}
