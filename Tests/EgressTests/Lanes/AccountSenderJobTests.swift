import TestSupport
import Testing

@testable import Egress

/// Jobs, which a lane escorts.
@Suite struct AccountSenderJobTests {
    @Test func `A job is written as its lane has it, by its own time or the lane's, whichever is over first`()
        async throws
    {
        try await SenderUnderTest.running { test in
            let start = test.clock.start
            for (label, own, lanes, expected) in [("a", 9.0 as Double?, 5.0, 5.0), ("b", 3, 5, 3), ("c", nil, 5, 5)] {
                let noted = GraphCall(path: "noted/\(label)", body: nil)
                let escort = ScriptedEscort { _, _ in .granted(noted, writeBy: start + .seconds(lanes)) }
                try test.submitJob(label, escort, within: own.map { .seconds($0) })
                let call = try await test.transport.next()
                #expect(call.call == noted && call.writeBy == start + .seconds(expected))
                call.answer(.accepted)
                #expect(try await test.end(of: label) == "sent 200, attempts 1")
                #expect(escort.heard.current == ["leave 1"])
            }
        }
    }

    @Test func `A denied job is asked for again until it is granted, and holds up nobody else`() async throws {
        try await SenderUnderTest.running { test in
            let denials = Watched(3)
            let escort = ScriptedEscort { call, _ in
                let isDenied = denials.update { left in
                    left -= 1
                    return left >= 0
                }
                return isDenied ? .denied(reason: "NATS is away") : .granted(call, writeBy: .now + .seconds(3600))
            }
            try test.submitJob("anna", escort)
            try await escort.hears("leave 1")
            try test.submitJob("boris", ScriptedEscort(), to: "447700900456")
            try await test.transport.next().answer(.accepted)
            #expect(try await test.end(of: "boris") == "sent 200, attempts 1")
            for _ in 1...3 { try await test.clock.moveToNextWake() }
            try await test.transport.next().answer(.accepted)
            #expect(try await test.end(of: "anna") == "sent 200, attempts 1")
            #expect(escort.heard.current == Array(repeating: "leave 1", count: 4))
        }
    }

    @Test func `A job that is denied until its time is over ends out of time, with what an earlier try came to`()
        async throws
    {
        try await SenderUnderTest.running { test in
            let escort = ScriptedEscort { call, attempt in
                attempt == 1 ? .granted(call, writeBy: .now + .seconds(3600)) : .denied(reason: "the lease is over")
            }
            try test.submitJob("anna", escort, within: .seconds(30))
            try await test.transport.next().answer(.refused(131016))
            try await eventually("its end") {
                test.clock.moveToNextWake(before: 30.001)
                return !test.ended.isEmpty
            }
            #expect(try await test.end(of: "anna") == "too late after refused 131016, attempts 1")
            #expect(test.transport.count == 1)
        }
    }

    @Test(arguments: [
        (GraphOutcome.refused(131016), "unsent 1"), (.refused(130429), "unsent 0"), (.refused(190), "unsent 0"),
        (.notWritten(reason: "refused"), "unsent 0"),
    ])
    func `The lane knows of a try that sent nothing before the recipient's next call starts`(
        outcome: GraphOutcome, words: String
    ) async throws {
        try await SenderUnderTest.running { test in
            let escort = ScriptedEscort()
            try test.submitJob("anna 1", escort)
            let first = try await test.transport.next()
            try test.submitJob("anna 2", ScriptedEscort())
            escort.hold(true)
            first.answer(outcome)
            try await escort.hears(words)
            try test.submit("boris", to: "447700900456")
            try await test.transport.next().answer(.accepted)
            #expect(try await test.end(of: "boris") == "sent 200")
            #expect(test.transport.count == 2)
            escort.hold(false)
            try await eventually("the end of the try") { test.sender.counters.inFlight == 0 }
            #expect(test.sender.counters.waitingJobs == 2 && test.ended == ["boris"])
        }
    }

    @Test func `A job is tried as often as may be, then ends out of attempts`() async throws {
        let limits = SendLimits(ratePerSecond: 1000, attempts: 3)
        try await SenderUnderTest.running(limits, over: ScriptedTransport { _ in .refused(131016) }) { test in
            let escort = ScriptedEscort()
            try test.submitJob("anna", escort, attempts: 1)
            try await escort.hears("unsent 2")
            try await test.clock.moveToNextWake()
            #expect(try await test.end(of: "anna") == "out of attempts after refused 131016, attempts 3")
            #expect(escort.heard.current == ["leave 2", "unsent 2", "leave 3", "unsent 3"])
            try test.submitJob("boris", escort, attempts: 3)
            #expect(try await test.end(of: "boris") == "out of attempts, attempts 3")
            #expect(test.transport.count == 2)
        }
    }

    @Test func `A job that was not written within its lane's time is held back, and the account goes on`() async throws
    {
        try await SenderUnderTest.running { test in
            let start = test.clock.start
            let escort = ScriptedEscort { call, _ in .granted(call, writeBy: start + .seconds(3)) }
            try test.submitJob("anna", escort)
            let call = try await test.transport.next()
            test.clock.move(to: 3)
            call.answer(.notWritten(reason: "its time was over"))
            try await escort.hears("unsent 0")
            try await eventually("its wait") { test.sender.counters.waitingJobs == 1 }
            #expect(test.sender.counters.sendsWaitUntil == nil)
        }
    }

    @Test func `A worn-out token keeps jobs waiting, and ends none`() async throws {
        try await SenderUnderTest.running { test in
            let escort = ScriptedEscort()
            try test.submitJob("anna", escort)
            try await test.transport.next().answer(.refused(190, status: 401))
            try await test.clock.waitForSleeper(until: 60)
            try test.submitJob("boris", escort, to: "447700900456")
            #expect(test.transport.count == 1 && escort.heard.current == ["leave 1", "unsent 0"])
            #expect(test.sender.counters.waitingJobs == 2 && test.ended == [])
            test.clock.move(to: 60)
            try await test.transport.next().answer(.accepted)
            for _ in 1...2 { try await test.transport.next().answer(.accepted) }
            #expect(try await test.end(of: "anna") == "sent 200, attempts 1")
            #expect(try await test.end(of: "boris") == "sent 200, attempts 1")
        }
    }
}
