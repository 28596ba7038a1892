import TestSupport
import Testing

@testable import Egress

/// What is tried again, within the requester's time.
@Suite struct AccountSenderRetryTests {
    @Test func `After 130429 all wait as long as Graph says, then the throttled call goes again`() async throws {
        try await SenderUnderTest.running { test in
            try test.submit("throttled")
            let throttled = try await test.transport.next()
            throttled.answer(.refused(130429, retryAfter: .seconds(2)))
            try await test.clock.waitForSleeper(until: 2)
            try test.submit("other", to: "447700900456")
            #expect(test.transport.count == 1)
            #expect(test.sender.counters.ratePerSecond == 500)
            test.clock.move(to: 2)
            let again = [try await test.transport.next(), try await test.transport.next()]
            #expect(again.contains { $0.body == throttled.body } && again.contains { $0.body.contains("other") })
            for call in again { call.answer(.accepted) }
            #expect(try await test.end(of: "throttled") == "sent 200")
            #expect(try await test.end(of: "other") == "sent 200")
        }
    }

    @Test(arguments: [4, 80007, 130429, 131056, 131057])
    func `A throttle that lasts longer than the requester's time is told at once`(_ code: Int) async throws {
        let script = ScriptedTransport { _ in .refused(code, retryAfter: .seconds(40)) }
        try await SenderUnderTest.running(over: script) { test in
            try test.submit("throttled", within: .seconds(4))
            #expect(try await test.end(of: "throttled") == "refused \(code)")
            #expect(test.transport.count == 1)
        }
    }

    @Test func `A pair limit holds up one recipient alone, one second at first`() async throws {
        try await SenderUnderTest.running { test in
            try test.submit("anna")
            try await test.transport.next().answer(.refused(131056))
            try await test.clock.waitForSleeper(until: 1)
            try test.submit("boris", to: "447700900456")
            try await test.transport.next().answer(.accepted)
            #expect(try await test.end(of: "boris") == "sent 200")
            test.clock.move(to: 1)
            try await test.transport.next().answer(.refused(131056))
            // The next wait would be 4 s, and 3 s are left.
            #expect(try await test.end(of: "anna") == "refused 131056")
        }
    }

    @Test func `What waits for its second try and gets no turn ends with Graph's last answer`() async throws {
        try await SenderUnderTest.running(SendLimits(inFlight: 1, ratePerSecond: 1000)) { test in
            try test.submit("throttled")
            try await test.transport.next().answer(.refused(131056))
            try await test.clock.waitForSleeper(until: 1)
            try test.submit("slow", to: "447700900456")
            _ = try await test.transport.next()
            test.clock.move(to: 1)
            try await test.clock.waitForSleeper(until: 4)
            test.clock.move(to: 4)
            #expect(try await test.end(of: "throttled") == "too late after refused 131056")
            #expect(test.transport.count == 2)
        }
    }

    @Test func `A call that was not written is made again until it is`() async throws {
        try await SenderUnderTest.running { test in
            try test.submit("hi")
            for _ in 1...3 {
                try await test.transport.next().answer(.notWritten(reason: "refused"))
                try await test.clock.moveToNextWake()
            }
            try await test.transport.next().answer(.accepted)
            #expect(try await test.end(of: "hi") == "sent 200")
            #expect(test.transport.count == 4)
        }
    }

    @Test func `A call that cannot be written ends within its time, unsent`() async throws {
        try await SenderUnderTest.running(over: ScriptedTransport { _ in .notWritten(reason: "refused") }) { test in
            try test.submit("hi", within: .seconds(1))
            try await eventually("its end") {
                // Up to 1 s, and no further.
                test.clock.moveToNextWake(before: 1.001)
                return !test.ended.isEmpty
            }
            let end = try await test.end(of: "hi")
            #expect(end == "unreached" || end == "too late after unreached")
            #expect(test.transport.count > 1)
        }
    }

    @Test func `What Graph has judged is the requester's to try again`() async throws {
        for code in [1, 2, 131000, 131016, 133004] {
            try await SenderUnderTest.running(over: ScriptedTransport { _ in .refused(code, status: 500) }) { test in
                try test.submit("hi", within: .seconds(60))
                #expect(try await test.end(of: "hi") == "refused \(code)")
                #expect(test.transport.count == 1)
            }
        }
    }
}
