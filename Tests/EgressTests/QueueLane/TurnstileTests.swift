import NATSClient
import TestSupport
import Testing

@testable import Egress

@Suite struct TurnstileTests {
    @Test func `As many are in at once as its width, and all pass in the end`() async throws {
        let turnstile = Turnstile(width: 3)
        let inside = Watched((now: 0, most: 0))
        try await withThrowingTaskGroup { group in
            for number in 0..<100 {
                group.addTask {
                    let answer = try await turnstile.pass { () async throws(NATSError) in
                        inside.update { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                        await Task.yield()
                        inside.update { $0.now -= 1 }
                        return number
                    }
                    #expect(answer == number)
                }
            }
            try await group.waitForAll()
        }
        #expect(inside.current.now == 0)
        #expect((1...3).contains(inside.current.most))
    }

    @Test func `Whoever fails makes room too, and who is cancelled while waiting passes nothing`() async throws {
        let turnstile = Turnstile(width: 1)
        let error = await #expect(throws: NATSError.self) {
            try await turnstile.pass { () async throws(NATSError) in throw NATSError(.timeout, "late") }
        }
        #expect(error?.code == .timeout)
        _ = try await turnstile.pass { () async throws(NATSError) in
            let waiter = Task { try await turnstile.pass { () async throws(NATSError) in true } }
            waiter.cancel()
            #expect((try? await waiter.value) == .some(nil))
        }
        #expect(try await turnstile.pass { () async throws(NATSError) in true } == true)
    }
}
