import TestSupport
import Testing

@testable import Egress

/// Jobs that may have been sent.
@Suite struct AccountSenderDoubtTests {
    @Test(arguments: [DoubtSettlement.sent, .dead])
    func `A lost answer leaves a job in doubt; what is found out lets its recipient go on`(
        _ settlement: DoubtSettlement
    ) async throws {
        try await SenderUnderTest.running { test in
            let escort = ScriptedEscort()
            try test.submitJob("anna 1", escort)
            try test.submitJob("anna 2", ScriptedEscort())
            try await test.transport.next().answer(.lost(reason: "reset"))
            try await escort.hears("doubted after unknown")
            #expect(test.sender.counters.jobsInDoubt == 1 && test.transport.count == 1)
            let ticket = try #require(escort.doubts.current.first)
            #expect(test.sender.resolve(ticket, settlement))
            try await test.transport.next().answer(.accepted)
            #expect(try await test.end(of: "anna 2") == "sent 200, attempts 1")
            #expect(test.ended == ["anna 2"])
            #expect(escort.heard.current == ["leave 1", "doubted after unknown"])
            #expect(!test.sender.resolve(ticket, .retry))
        }
    }

    @Test func `A job in doubt that is to be tried again goes before its recipient's younger ones`() async throws {
        try await SenderUnderTest.running(SendLimits(ratePerSecond: 1000, attempts: 2)) { test in
            let escort = ScriptedEscort()
            try test.submitJob("anna 1", escort)
            try test.submitJob("anna 2", ScriptedEscort())
            for attempt in 1...2 {
                let call = try await test.transport.next()
                #expect(call.body.contains("anna 1"))
                call.answer(.lost(reason: "reset"))
                try await escort.hears("doubted after unknown", times: attempt)
                #expect(test.sender.resolve(try #require(escort.doubts.current.last), .retry))
                if attempt == 1 { try await test.clock.moveToNextWake() }
            }
            #expect(try await test.end(of: "anna 1") == "out of attempts after unknown, attempts 2")
            #expect(try await test.transport.next().body.contains("anna 2"))
        }
    }

    @Test func `A job submitted in doubt is told so, and not written before it is to be tried again`() async throws {
        try await SenderUnderTest.running { test in
            let escort = ScriptedEscort()
            try test.submitJob("anna", escort, attempts: 1, isInDoubt: true)
            #expect(escort.heard.current == ["doubted"])
            test.clock.move(to: 59)
            #expect(test.transport.count == 0)
            #expect(test.sender.resolve(try #require(escort.doubts.current.first), .retry))
            try await test.clock.moveToNextWake()
            try await test.transport.next().answer(.accepted)
            #expect(try await test.end(of: "anna") == "sent 200, attempts 2")
            #expect(escort.heard.current == ["doubted", "leave 2"])
        }
    }

    @Test func `What may be done twice is repeated without doubt`() async throws {
        try await SenderUnderTest.running { test in
            let escort = ScriptedEscort()
            let receipt = try call("markRead", #"{"message_id":"wamid.A"}"#)
            test.submitJob("read", receipt, escort)
            try await test.transport.next().answer(.lost(reason: "reset"))
            try await escort.hears("unsent 1")
            try await test.clock.moveToNextWake()
            try await test.transport.next().answer(.accepted)
            #expect(try await test.end(of: "read") == "sent 200, attempts 2")
            #expect(escort.heard.current == ["leave 1", "unsent 1", "leave 2"])
        }
    }
}
