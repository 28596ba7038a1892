import Testing

@testable import Egress

@Suite struct AccountPauseTests {
    private let expired = GraphAnswer(status: 401, body: Array("expired".utf8))
    private let invalid = GraphAnswer(status: 401, body: Array("invalid".utf8))

    @Test func `It pauses once, with the latest answer`() {
        var account = AccountPause()
        #expect(!account.isPaused)
        let pauses = [
            account.pause(self.expired, callStarted: at(0), at: at(1)),
            account.pause(self.invalid, callStarted: at(0), at: at(2)),
        ]
        #expect(pauses == [true, false])
        #expect(account.answer == self.invalid)
    }

    @Test func `The token is tried every 60 s while it is paused`() {
        var account = AccountPause()
        _ = account.pause(self.expired, callStarted: at(0), at: at(0))
        let probes = (0...200).filter { account.takeProbe(at: at(Double($0))) }
        #expect(probes == [60, 120, 180])
        account.resume(at: at(201))
        let probe = account.takeProbe(at: at(1000))
        #expect(!probe && account.nextProbe == nil)
    }

    @Test func `After it goes on, refusals of calls from before say nothing`() {
        var account = AccountPause()
        _ = account.pause(self.expired, callStarted: at(0), at: at(1))
        account.resume(at: at(10))
        let isStale = !account.pause(self.expired, callStarted: at(9), at: at(11))
        #expect(isStale && !account.isPaused)
        let isNew = account.pause(self.expired, callStarted: at(10), at: at(12))
        #expect(isNew && account.isPaused)
    }
}
