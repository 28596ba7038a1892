import Testing

@testable import Egress

@Suite struct WritePermitTests {
    private let start = ContinuousClock.now

    @Test func `The first question in time is allowed, and the call counts as written`() {
        var permit = WritePermit(writeBy: self.start + .seconds(1))
        #expect(permit.outcome(host: "h", failure: "f") == .notWritten(reason: "h: f"))
        let isAllowed = permit.allows(at: self.start, isCancelled: false, connection: .quiet)
        #expect(isAllowed)
        #expect(permit.isWritten)
        #expect(permit.outcome(host: "h", failure: "f") == .lost(reason: "h: f"))
    }

    @Test func `A second question is refused, and the call is lost`() {
        var permit = WritePermit(writeBy: self.start + .seconds(1))
        _ = permit.allows(at: self.start, isCancelled: false, connection: .quiet)
        let isAllowed = permit.allows(at: self.start, isCancelled: false, connection: .quiet)
        #expect(!isAllowed)
        #expect(
            permit.outcome(host: "h", failure: "f")
                == .lost(reason: "h: the connection died after the request was written"))
    }

    @Test func `The instant itself is too late`() {
        var permit = WritePermit(writeBy: self.start)
        let isAllowed = permit.allows(at: self.start, isCancelled: false, connection: .quiet)
        #expect(!isAllowed)
        #expect(permit.outcome(host: "h", failure: "f") == .notWritten(reason: "h: not written in time"))
    }

    @Test func `A cancelled call is not written`() {
        var permit = WritePermit(writeBy: self.start + .seconds(1))
        let isAllowed = permit.allows(at: self.start, isCancelled: true, connection: .quiet)
        #expect(!isAllowed)
        #expect(permit.outcome(host: "h", failure: "f") == .notWritten(reason: "h: cancelled before it was written"))
    }

    @Test func `An interrupted call is not written any more`() {
        var permit = WritePermit(writeBy: self.start + .seconds(1))
        permit.interrupt(.shutDown)
        let isAllowed = permit.allows(at: self.start, isCancelled: false, connection: .quiet)
        #expect(!isAllowed)
        #expect(!permit.isWritten)
    }

    @Test func `The first interruption is the reason`() {
        var permit = WritePermit(writeBy: self.start + .seconds(1))
        _ = permit.allows(at: self.start, isCancelled: false, connection: .quiet)
        permit.interrupt(.timedOut(after: .milliseconds(1_500)))
        permit.interrupt(.shutDown)
        #expect(permit.outcome(host: "h", failure: "f") == .lost(reason: "h: no whole answer within 1500 ms"))
    }

    @Test func `A stale connection is refused, and another may be asked for`() {
        var permit = WritePermit(writeBy: self.start + .seconds(1))
        let first = permit.allows(at: self.start, isCancelled: false, connection: .stale)
        #expect(!first)
        #expect(!permit.isWritten)
        let renewed = permit.renew()
        #expect(renewed)
        let second = permit.allows(at: self.start, isCancelled: false, connection: .quiet)
        #expect(second)
        let renewedAfterWriting = permit.renew()
        #expect(!renewedAfterWriting)
    }

    @Test(arguments: [WritePermit.Connection.quiet, .stale, .unasked])
    func `After writing no connection is asked for again`(connection: WritePermit.Connection) {
        var permit = WritePermit(writeBy: self.start + .seconds(1))
        _ = permit.allows(at: self.start, isCancelled: false, connection: .quiet)
        let isAllowed = permit.allows(at: self.start, isCancelled: false, connection: connection)
        let isRenewed = permit.renew()
        #expect(!isAllowed && !isRenewed)
        #expect(permit.interruption == .connectionDied)
    }

    @Test func `A new connection on which the server speaks first is not written to`() {
        var permit = WritePermit(writeBy: self.start + .seconds(1))
        let isAllowed = permit.allows(at: self.start, isCancelled: false, connection: .unasked)
        let isRenewed = permit.renew()
        #expect(!isAllowed && !isRenewed)
        #expect(
            permit.outcome(host: "h", failure: "f")
                == .notWritten(reason: "h: the server spoke or closed before it was asked"))
    }
}
