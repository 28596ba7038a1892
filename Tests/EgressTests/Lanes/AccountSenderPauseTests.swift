import Settings
import TestSupport
import Testing

@testable import Egress

/// An account whose access token no longer works.
@Suite struct AccountSenderPauseTests {
    @Test func `A worn-out token ends what waits and what comes, with Graph's answer, and is told once`() async throws {
        try await SenderUnderTest.running { test in
            try test.submit("first")
            try test.submit("in flight", to: "447700900456")
            try test.submit("waiting")
            let calls = [try await test.transport.next(), try await test.transport.next()]
            calls[0].answer(.refused(190, status: 401, message: "expired"))
            #expect(try await test.end(of: "first") == "refused 190")
            #expect(try await test.end(of: "waiting") == "paused 190")
            try test.submit("later")
            #expect(try await test.end(of: "later") == "paused 190")
            calls[1].answer(.refused(190, status: 401, message: "still expired"))
            #expect(try await test.end(of: "in flight") == "refused 190")
            #expect(test.transport.count == 2)
            let pauses = test.pauses.current
            #expect(pauses.count == 1 && pauses.first?.action == .sendMessage)
            #expect(pauses.first.flatMap { GraphError(in: $0.answer.body)?.message } == "expired")
            #expect(test.sender.counters.pause?.status == 401)
        }
    }

    @Test func `The token is tried every 60 s, and sending goes on when it works again`() async throws {
        try await SenderUnderTest.running { test in
            try test.submit("first")
            try await test.transport.next().answer(.refused(190, status: 401))
            for minute in 1...2 {
                try await test.clock.waitForSleeper(until: Double(minute) * 60)
                test.clock.move(to: Double(minute) * 60)
                let probe = try await test.transport.next()
                #expect(probe.call == GraphCall(method: .get, path: "106540352242922?fields=id", body: nil))
                #expect(probe.token == SenderUnderTest.token)
                if minute == 1 {
                    probe.answer(.refused(190, status: 401, message: "still no good"))
                    try await test.clock.waitForSleeper(until: 120)
                    try test.submit("between")
                    #expect(try await test.end(of: "between") == "paused 190")
                } else {
                    probe.answer(.answered(GraphAnswer(status: 200, body: Array(#"{"id":"106540352242922"}"#.utf8))))
                }
            }
            try await eventually("the end of the pause") { test.sender.counters.pause == nil }
            try test.submit("after")
            try await test.transport.next().answer(.accepted)
            #expect(try await test.end(of: "after") == "sent 200")
            #expect(test.transport.count == 4)
            #expect(test.pauses.current.count == 1)
        }
    }

    @Test func `A probe that did not reach Graph leaves the account paused`() async throws {
        try await SenderUnderTest.running { test in
            try test.submit("first")
            try await test.transport.next().answer(.refused(0, status: 401))
            try await test.clock.waitForSleeper(until: 60)
            test.clock.move(to: 60)
            try await test.transport.next().answer(.lost(reason: "reset"))
            try await test.clock.waitForSleeper(until: 120)
            #expect(test.sender.counters.pause != nil)
        }
    }

    @Test func `The access token is in nothing that the sender tells, also where Graph quotes it`() async throws {
        let token = SenderUnderTest.token.revealed
        let quoting = GraphOutcome.refused(190, status: 401, message: "Malformed access token \(token)")
        try await SenderUnderTest.running(over: ScriptedTransport { _ in quoting }) { test in
            try test.submit("first")
            _ = try await test.end(of: "first")
            try test.submit("second")
            _ = try await test.end(of: "second")
            for (_, end, _) in test.ends.current {
                #expect(!"\(end)".contains(token))
                switch end {
                case .settled(.refused(let answer, let error)):
                    #expect(error?.message == "Malformed access token <redacted>")
                    #expect(!String(decoding: answer.body, as: UTF8.self).contains(token))
                case .paused(let answer): #expect(!String(decoding: answer.body, as: UTF8.self).contains(token))
                default: Issue.record("\(end)")
                }
            }
            let pause = try #require(test.pauses.current.first)
            #expect(!String(decoding: pause.answer.body, as: UTF8.self).contains(token))
        }
    }
}
