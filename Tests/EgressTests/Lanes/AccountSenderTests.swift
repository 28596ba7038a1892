import TestSupport
import Testing

@testable import Egress

/// One call after another: who goes when, and how each ends.
@Suite struct AccountSenderTests {
    @Test func `A call is made with the account's token, by the instant until which it may be written`() async throws {
        try await SenderUnderTest.running { test in
            test.clock.move(to: 10)
            try test.submit("hi", within: .milliseconds(700))
            let call = try await test.transport.next()
            #expect(call.call.path == "106540352242922/messages")
            #expect(call.body.contains(#""body":"hi""#))
            #expect(call.token == SenderUnderTest.token)
            #expect(call.writeBy == test.clock.start + .milliseconds(10_700))
            call.answer(.accepted)
            #expect(try await test.end(of: "hi") == "sent 200")
        }
    }

    @Test func `One recipient's calls go one after another, in order, and others overtake them`() async throws {
        try await SenderUnderTest.running { test in
            for label in ["anna 1", "anna 2", "anna 3"] { try test.submit(label, to: "44 7700 900123") }
            try test.submit("boris", to: "447700900456")
            let anna1 = try await test.transport.next()
            let boris = try await test.transport.next()
            boris.answer(.accepted)
            #expect(try await test.end(of: "boris") == "sent 200")
            #expect(test.transport.bodies.filter { $0.contains("anna") }.count == 1)
            anna1.answer(.accepted)
            let anna2 = try await test.transport.next()
            #expect(anna2.body.contains("anna 2"))
            anna2.answer(.refused(131026))
            let anna3 = try await test.transport.next()
            #expect(anna3.body.contains("anna 3"))
            anna3.answer(.accepted)
            #expect(try await test.end(of: "anna 3") == "sent 200")
            #expect(test.ended == ["boris", "anna 1", "anna 2", "anna 3"])
        }
    }

    @Test func `No more calls are in flight than may be, and no more wait than may`() async throws {
        let limits = SendLimits(inFlight: 2, waitingRequests: 3, ratePerSecond: 1000)
        try await SenderUnderTest.running(limits) { test in
            for number in 1...6 { try test.submit("\(number)", to: "44770090010\(number)") }
            #expect(try await test.end(of: "6") == "overloaded")
            let first = try await test.transport.next()
            _ = try await test.transport.next()
            #expect(test.sender.counters.inFlight == 2 && test.sender.counters.waitingRequests == 3)
            #expect(test.transport.count == 2)
            first.answer(.accepted)
            #expect(try await test.transport.next().body.contains(#""body":"3""#))
            #expect(test.transport.count == 3)
        }
    }

    @Test func `A refusal that needs a person is known for an hour, and holds up nothing`() async throws {
        try await SenderUnderTest.running { test in
            try test.submit("first")
            try await test.transport.next().answer(.refused(131042))
            #expect(try await test.end(of: "first") == "refused 131042")
            #expect(test.sender.counters.alarm == 131042)
            test.clock.move(to: 3599)
            try test.submit("second")
            try await test.transport.next().answer(.accepted)
            #expect(try await test.end(of: "second") == "sent 200")
            #expect(test.sender.counters.alarm == 131042)
            test.clock.move(to: 3600)
            #expect(test.sender.counters.alarm == nil)
        }
    }

    @Test func `A call whose turn does not come in its time is never made`() async throws {
        try await SenderUnderTest.running(SendLimits(inFlight: 1, ratePerSecond: 1000)) { test in
            try test.submit("slow", to: "447700900101")
            let slow = try await test.transport.next()
            try test.submit("late", to: "447700900102", within: .seconds(2))
            try await test.clock.waitForSleeper(until: 2)
            test.clock.move(to: 2)
            #expect(try await test.end(of: "late") == "too late")
            slow.answer(.accepted)
            #expect(try await test.end(of: "slow") == "sent 200")
            #expect(test.transport.count == 1)
        }
    }

    @Test(arguments: ["sendMessage", "markRead", "raw"])
    func `A call whose answer was lost is made once, and its outcome unknown`(_ action: String) async throws {
        let payload = #"{"to":"447700900123","text":"hi","message_id":"wamid.A","body":{}}"#
        try await SenderUnderTest.running(over: ScriptedTransport { _ in .lost(reason: "reset") }) { test in
            test.submit("lost", try call(action, payload))
            #expect(try await test.end(of: "lost") == "unknown")
            #expect(test.transport.count == 1)
        }
    }

    @Test func `Far wakes are slept for once, however many nearer ones come between`() async throws {
        let script = ScriptedTransport { call in
            let body = String(decoding: call.body ?? [], as: UTF8.self)
            return body.contains("throttled") ? .refused(131056, retryAfter: .seconds(50)) : .accepted
        }
        // One at a time: each further one waits for its token, and so wakes the sender.
        try await SenderUnderTest.running(SendLimits(ratePerSecond: 10), over: script) { test in
            try test.submit("throttled", within: .seconds(60))
            try await test.clock.waitForSleeper(until: 50)
            for number in 1...30 {
                try test.submit("\(number)", to: "44770090\(2000 + number)")
                try await eventually("the end of \(number)") {
                    test.clock.moveToNextWake(before: 40)
                    return test.ended.contains("\(number)")
                }
            }
            #expect(test.clock.sleepers == [50])
        }
    }
}
