import Testing

@testable import Egress

@Suite struct WritePermitTests {
    private let start = ContinuousClock.now

    @Test func `The first question in time is allowed, and the call counts as written`() {
        var permit = WritePermit(writeBy: self.start + .seconds(1))
        #expect(permit.outcome(host: "h", failure: "f") == .notWritten(reason: "h: f"))
        let isAllowed = permit.allows(at: self.start, isCancelled: false)
        #expect(isAllowed)
        #expect(permit.isWritten)
        #expect(permit.outcome(host: "h", failure: "f") == .lost(reason: "h: f"))
    }

    @Test func `A second question is refused, and the call is lost`() {
        var permit = WritePermit(writeBy: self.start + .seconds(1))
        _ = permit.allows(at: self.start, isCancelled: false)
        let isAllowed = permit.allows(at: self.start, isCancelled: false)
        #expect(!isAllowed)
        #expect(
            permit.outcome(host: "h", failure: "f")
                == .lost(reason: "h: the connection died after the request was written"))
    }

    @Test func `The instant itself is too late`() {
        var permit = WritePermit(writeBy: self.start)
        let isAllowed = permit.allows(at: self.start, isCancelled: false)
        #expect(!isAllowed)
        #expect(permit.outcome(host: "h", failure: "f") == .notWritten(reason: "h: not written in time"))
    }

    @Test func `A cancelled call is not written`() {
        var permit = WritePermit(writeBy: self.start + .seconds(1))
        let isAllowed = permit.allows(at: self.start, isCancelled: true)
        #expect(!isAllowed)
        #expect(permit.outcome(host: "h", failure: "f") == .notWritten(reason: "h: cancelled before it was written"))
    }

    @Test func `An interrupted call is not written any more`() {
        var permit = WritePermit(writeBy: self.start + .seconds(1))
        permit.interrupt(.shutDown)
        let isAllowed = permit.allows(at: self.start, isCancelled: false)
        #expect(!isAllowed)
        #expect(!permit.isWritten)
    }

    @Test func `The first interruption is the reason`() {
        var permit = WritePermit(writeBy: self.start + .seconds(1))
        _ = permit.allows(at: self.start, isCancelled: false)
        permit.interrupt(.timedOut(after: .milliseconds(1_500)))
        permit.interrupt(.shutDown)
        #expect(permit.outcome(host: "h", failure: "f") == .lost(reason: "h: no whole answer within 1500 ms"))
    }
}
