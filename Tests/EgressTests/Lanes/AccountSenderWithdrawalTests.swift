import TestSupport
import Testing

@testable import Egress

/// A lane that goes to another worker takes its jobs back.
@Suite struct AccountSenderWithdrawalTests {
    @Test func `Jobs that wait or are in doubt come back, requests stay, and later jobs are served`() async throws {
        try await SenderUnderTest.running { test in
            let escort = ScriptedEscort()
            try test.submitJob("in doubt", escort, attempts: 1, isInDoubt: true)
            try test.submitJob("behind it", escort)
            try test.submitJob("throttled", escort, to: "447700900456")
            try await test.transport.next().answer(.refused(131056))
            try await test.clock.waitForSleeper(until: 1)
            try test.submit("request", to: "447700900456")
            test.sender.withdrawJobs()
            #expect(test.ended.sorted() == ["behind it", "in doubt", "throttled"])
            #expect(try await test.end(of: "in doubt") == "withdrawn, attempts 1")
            #expect(try await test.end(of: "behind it") == "withdrawn, attempts 0")
            #expect(try await test.end(of: "throttled") == "withdrawn after refused 131056, attempts 0")
            #expect(!test.sender.resolve(try #require(escort.doubts.current.first), .sent))
            test.clock.move(to: 1)
            #expect(try await test.transport.next().body.contains("request"))
            try test.submitJob("later", escort)
            try await test.transport.next().answer(.accepted)
            #expect(try await test.end(of: "later") == "sent 200, attempts 1")
        }
    }

    @Test(arguments: [
        (GraphOutcome.accepted, "sent 200, attempts 1"), (.refused(131026), "refused 131026, attempts 1"),
        (.refused(130429), "withdrawn after refused 130429, attempts 0"),
        (.refused(190), "withdrawn after refused 190, attempts 0"),
        (.lost(reason: "reset"), "withdrawn after unknown, attempts 1"),
        (.notWritten(reason: "refused"), "withdrawn after unreached, attempts 0"),
    ])
    func `A job in flight ends as Meta settles it, else it comes back, and is not tried again`(
        outcome: GraphOutcome, end: String
    ) async throws {
        try await SenderUnderTest.running { test in
            let escort = ScriptedEscort()
            try test.submitJob("anna", escort)
            let call = try await test.transport.next()
            test.sender.withdrawJobs()
            #expect(test.ended == [])
            call.answer(outcome)
            #expect(try await test.end(of: "anna") == end)
            await test.sender.emptied()
            #expect(test.transport.count == 1 && escort.doubts.current == [])
        }
    }

    @Test func `A job taken back while its lane is asked is never written`() async throws {
        try await SenderUnderTest.running { test in
            let escort = ScriptedEscort()
            escort.hold(true)
            try test.submitJob("anna", escort)
            try await escort.hears("leave 1")
            test.sender.withdrawJobs()
            escort.hold(false)
            #expect(try await test.end(of: "anna") == "withdrawn, attempts 0")
            #expect(escort.heard.current == ["leave 1", "unsent 0"] && test.transport.count == 0)
        }
    }

    @Test func `Giving up takes back the jobs that wait, are in doubt or come`() async throws {
        try await SenderUnderTest.running(SendLimits(inFlight: 1, ratePerSecond: 1000)) { test in
            let escort = ScriptedEscort()
            try test.submitJob("in doubt", escort, isInDoubt: true)
            try test.submitJob("in flight", escort, to: "447700900456")
            let call = try await test.transport.next()
            try test.submitJob("waiting", escort, to: "447700900456")
            test.sender.giveUp()
            try test.submitJob("coming", escort)
            #expect(test.ended.sorted() == ["coming", "in doubt", "waiting"])
            for label in test.ended { #expect(try await test.end(of: label).hasPrefix("withdrawn")) }
            call.answer(.lost(reason: "shut down"))
            await test.sender.emptied()
            #expect(try await test.end(of: "in flight") == "withdrawn after unknown, attempts 1")
        }
    }
}
