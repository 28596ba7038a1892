import Testing

@testable import Egress

@Suite struct StandingAlarmTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant { self.start + .seconds(seconds) }

    @Test(arguments: [368, 131031, 131042, 131048, 133010])
    func `A code that needs a person stands for an hour`(code: Int) {
        var alarm = StandingAlarm()
        #expect(alarm.code(at: self.at(0)) == nil)
        alarm.note(code, at: self.at(0))
        #expect(alarm.code(at: self.at(3599)) == code)
        #expect(alarm.code(at: self.at(3600)) == nil)
    }

    @Test func `The latest stands, from when it was last met`() {
        var alarm = StandingAlarm()
        for (code, second) in [(131042, 0.0), (131048, 1000), (131048, 2000)] { alarm.note(code, at: self.at(second)) }
        #expect(alarm.code(at: self.at(5599)) == 131048)
        #expect(alarm.code(at: self.at(5600)) == nil)
    }

    @Test(arguments: [0, 100, 190, 130429, 131026, 131047])
    func `Other codes need nobody`(code: Int) {
        var alarm = StandingAlarm()
        alarm.note(131042, at: self.at(0))
        alarm.note(code, at: self.at(1))
        #expect(alarm.code(at: self.at(2)) == 131042)
    }
}
