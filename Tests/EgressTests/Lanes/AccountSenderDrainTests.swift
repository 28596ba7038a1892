import Testing

@testable import Egress

@Suite struct AccountSenderDrainTests {
    @Test func `A drain waits for what is in flight and for what waits`() async throws {
        try await SenderUnderTest.running(SendLimits(inFlight: 1, ratePerSecond: 1000)) { test in
            try test.submit("first")
            try test.submit("second")
            let first = try await test.transport.next()
            async let drain: Void = test.sender.drain(by: test.clock.start + .seconds(10))
            try await test.clock.waitForSleeper(until: 10)
            first.answer(.accepted)
            try await test.transport.next().answer(.accepted)
            await drain
            #expect(test.ended == ["first", "second"])
            #expect(test.sender.counters.inFlight == 0)
        }
    }

    @Test func `At its deadline a drain gives up what waits, and nothing that is in flight`() async throws {
        try await SenderUnderTest.running(SendLimits(inFlight: 1, ratePerSecond: 1000)) { test in
            try test.submit("in flight", within: .seconds(30))
            try test.submit("waiting", to: "447700900456", within: .seconds(30))
            let call = try await test.transport.next()
            async let drain: Void = test.sender.drain(by: test.clock.start + .seconds(10))
            try await test.clock.waitForSleeper(until: 10)
            test.clock.move(to: 10)
            #expect(try await test.end(of: "waiting") == "too late")
            #expect(test.ended == ["waiting"])
            // What is in flight when the deadline passes is not tried again.
            call.answer(.refused(130429))
            await drain
            #expect(try await test.end(of: "in flight") == "refused 130429")
            #expect(test.transport.count == 1)
        }
    }

    @Test func `A drain of an idle sender is over at once`() async throws {
        try await SenderUnderTest.running { test in
            await test.sender.drain(by: test.clock.start + .seconds(10))
            #expect(test.clock.sleepers.isEmpty)
        }
    }
}
