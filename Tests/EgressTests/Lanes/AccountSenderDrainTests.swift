import Testing

@testable import Egress

@Suite struct AccountSenderDrainTests {
    @Test func `A sender is empty when the last of what was in flight or waited has ended`() async throws {
        try await SenderUnderTest.running(SendLimits(inFlight: 1, ratePerSecond: 1000)) { test in
            await test.sender.emptied()
            try test.submit("first")
            try test.submit("second")
            async let emptied: Void = test.sender.emptied()
            try await test.transport.next().answer(.accepted)
            try await test.transport.next().answer(.accepted)
            await emptied
            #expect(test.ended == ["first", "second"])
            #expect(test.sender.counters.inFlight == 0)
        }
    }

    @Test func `Giving up ends what waits and what comes, unwritten, and lets what is in flight run on`() async throws {
        try await SenderUnderTest.running(SendLimits(inFlight: 1, ratePerSecond: 1000)) { test in
            try test.submit("in flight", within: .seconds(30))
            try test.submit("waiting", to: "447700900456", within: .seconds(30))
            let call = try await test.transport.next()
            test.sender.giveUp()
            #expect(try await test.end(of: "waiting") == "too late")
            try test.submit("coming", to: "447700900789", within: .seconds(30))
            #expect(try await test.end(of: "coming") == "too late")
            #expect(test.ended == ["waiting", "coming"])
            // It is not tried again.
            call.answer(.refused(130429))
            await test.sender.emptied()
            #expect(try await test.end(of: "in flight") == "refused 130429")
            #expect(test.transport.count == 1)
        }
    }
}
