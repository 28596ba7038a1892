import Testing

@testable import Egress

@Suite struct GraphVerdictTests {
    private typealias Facts = GraphVerdict.ErrorFacts
    private typealias Call = GraphVerdict.CallTraits

    private func verdict(
        _ status: Int, _ error: GraphVerdict.ErrorFacts? = nil, of call: GraphVerdict.CallTraits = .init(),
        retryAfter: Duration? = nil, regainAccess: Duration? = nil
    ) -> GraphVerdict {
        GraphVerdict(.answered(self.answer(status, retryAfter, regainAccess)), error: error, of: call)
    }

    private func answer(_ status: Int, _ retryAfter: Duration? = nil, _ regain: Duration? = nil) -> GraphAnswer {
        GraphAnswer(status: status, body: Array("{}".utf8), retryAfter: retryAfter, regainAccess: regain)
    }

    private func retry(_ verdict: GraphVerdict) throws -> GraphRetry {
        guard case .retry(let retry) = verdict else { throw Surprise(verdict: "\(verdict)") }
        return retry
    }

    private struct Surprise: Error { let verdict: String }

    @Test(arguments: MetaErrorCodes.rows)
    func `A code decides, whatever the status`(row: MetaErrorCodes.Row) throws {
        for code in row.codes {
            for status in [200, 206, 400, 401, 403, 404, 408, 429, 500, 503] {
                let verdict = self.verdict(status, Facts(code: code))
                switch (row.retry, code) {
                case (_, 0), (_, 102), (_, 190): #expect(verdict == .pauseAccount(self.answer(status)), "\(code)")
                case ("yes", _), ("few", _):
                    let retry = try self.retry(verdict)
                    #expect(retry.countsAsAttempt == !GraphErrorTable.isThrottle(code), "\(code)")
                    #expect(retry.lowersRate == (code == 130429), "\(code)")
                default: #expect(verdict == .giveUp, "\(code)")
                }
            }
        }
    }

    @Test(arguments: [
        (4, GraphRetry.Hold.kind), (17, .kind), (80007, .kind), (130429, .kind), (131057, .kind), (613, .kind),
        (131056, .pair), (131000, .call), (131016, .call), (131208, .call), (138005, .call),
    ])
    func `A throttle holds up what it is about`(code: Int, hold: GraphRetry.Hold) throws {
        #expect(try self.retry(self.verdict(400, Facts(code: code))).hold == hold)
    }

    @Test func `A throttled endpoint other than messages holds up the call alone`() throws {
        let call = Call(countsForRate: false, namesItsPath: true)
        #expect(try self.retry(self.verdict(400, Facts(code: 613), of: call)).hold == .call)
        #expect(try self.retry(self.verdict(400, Facts(code: 4), of: call)).hold == .kind)
    }

    @Test func `Without an error object a 2xx is done, and with one it is refused`() {
        #expect(self.verdict(200) == .done)
        #expect(self.verdict(204) == .done)
        #expect(self.verdict(200, Facts()) == .giveUp)
        #expect(self.verdict(200, Facts(code: 999_999)) == .giveUp)
    }

    @Test(arguments: [408, 500, 502, 503, 504, 599])
    func `A status that leaves doubt, without a usable code, is doubtful, or repeated where that does no harm`(
        status: Int
    ) {
        #expect(self.verdict(status) == .doubtful)
        #expect(self.verdict(status, Facts()) == .doubtful)
        #expect(self.verdict(status, of: Call(isRepeatable: true)) == .retry(.inDoubt))
    }

    @Test func `A bare 429 throttles the number as 130429 does`() {
        #expect(self.verdict(429) == self.verdict(400, Facts(code: 130429)))
        #expect(self.verdict(429, Facts()) == self.verdict(400, Facts(code: 130429)))
    }

    @Test func `A bare 401 pauses the account, unless the call went to a path of its own`() {
        #expect(self.verdict(401) == .pauseAccount(self.answer(401)))
        #expect(self.verdict(401, Facts()) == .pauseAccount(self.answer(401)))
        let elsewhere = Call(countsForRate: false, namesItsPath: true)
        #expect(self.verdict(401, of: elsewhere) == .giveUp)
        #expect(self.verdict(401, Facts(code: 0), of: elsewhere) == .giveUp)
        #expect(self.verdict(401, Facts(code: 102), of: elsewhere) == .giveUp)
        #expect(self.verdict(400, Facts(code: 190), of: elsewhere) == .pauseAccount(self.answer(400)))
    }

    @Test(arguments: [-1, 0, 100, 301, 302, 400, 403, 404, 405, 413, 418, 499])
    func `Another status without a usable code is refused for good`(status: Int) {
        #expect(self.verdict(status) == .giveUp)
    }

    @Test
    func `An unknown code is permanent with a 4xx, and tried a few times with a 5xx or when Meta calls it transient`()
        throws
    {
        #expect(self.verdict(400, Facts(code: 141000)) == .giveUp)
        #expect(self.verdict(429, Facts(code: 141000)) == .giveUp)
        for verdict in [
            self.verdict(500, Facts(code: 141000)), self.verdict(400, Facts(code: 141000, isTransient: true)),
        ] {
            let retry = try self.retry(verdict)
            #expect(retry.delays == .list([.seconds(2), .seconds(8)]))
            #expect(retry.countsAsAttempt && retry.hold == .call)
        }
        #expect(self.verdict(400, Facts(code: 100, isTransient: true)) == .giveUp)
    }

    @Test func `A failed upload is tried again only when its link is to blame`() throws {
        #expect(self.verdict(400, Facts(code: 131053)) == .giveUp)
        #expect(self.verdict(400, Facts(code: 131053, details: "Unsupported MIME type")) == .giveUp)
        _ = try self.retry(self.verdict(400, Facts(code: 131053, details: "Downloading media from weblink failed")))
        _ = try self.retry(self.verdict(400, Facts(code: 131053, details: "The URL answered 503")))
    }

    @Test func `Retry-After is a lower bound, and no longer than a day`() throws {
        let retry = try self.retry(self.verdict(400, Facts(code: 131056), retryAfter: .seconds(7)))
        #expect(retry.atLeast == .seconds(7))
        #expect(retry.delays == .powersOfFour)
        let long = try self.retry(self.verdict(429, retryAfter: .seconds(Int64.max)))
        #expect(long.atLeast == .seconds(86_400))
        let negative = try self.retry(self.verdict(429, retryAfter: .seconds(-5)))
        #expect(negative.atLeast == .zero)
    }

    @Test func `The time to regain access is waited for where Meta tells it`() throws {
        let told = try self.retry(self.verdict(400, Facts(code: 80007), regainAccess: .seconds(600)))
        #expect(told.atLeast == .seconds(600))
        #expect(told.delays.bounds(retry: 3) == .zero ... .zero)
        let untold = try self.retry(self.verdict(400, Facts(code: 80007), regainAccess: .zero))
        #expect(untold.delays == .untilRegained)
        let unrelated = try self.retry(self.verdict(400, Facts(code: 130429), regainAccess: .seconds(600)))
        #expect(unrelated.atLeast == .zero)
    }

    @Test func `What was never written is tried again, and what was lost is in doubt`() {
        let call = Call()
        #expect(GraphVerdict(.notWritten(reason: "refused"), error: nil, of: call) == .retry(.notWritten))
        #expect(GraphVerdict(.lost(reason: "reset"), error: nil, of: call) == .doubtful)
        let repeatable = Call(isRepeatable: true)
        #expect(GraphVerdict(.lost(reason: "reset"), error: nil, of: repeatable) == .retry(.inDoubt))
    }

    @Test func `Throttles, calls never written and worn-out tokens cost no attempt`() {
        #expect(GraphVerdict.done.countsAsAttempt && GraphVerdict.doubtful.countsAsAttempt)
        #expect(GraphVerdict.giveUp.countsAsAttempt && GraphVerdict.retry(.inDoubt).countsAsAttempt)
        #expect(!GraphVerdict.retry(.notWritten).countsAsAttempt)
        #expect(!self.verdict(401).countsAsAttempt)
        #expect(!self.verdict(400, Facts(code: 131056)).countsAsAttempt)
    }
}
