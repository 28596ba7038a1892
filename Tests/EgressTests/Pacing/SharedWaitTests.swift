import TestSupport
import Testing

@testable import Egress

@Suite struct SharedWaitTests {
    private var random = SeededGenerator(seed: 1)
    private var wait = SharedWait()

    private mutating func begin(_ retry: GraphRetry, started: Double, at now: Double) -> Bool {
        self.wait.begin(retry, callStarted: at(started), at: at(now), using: &self.random)
    }

    @Test mutating func `A burst of refusals begins one wait`() {
        let begins = (0..<20).map { self.begin(.code(131056), started: 0.9, at: 1 + Double($0) / 100) }
        #expect(begins == [true] + Array(repeating: false, count: 19))
        #expect(self.wait.end == at(2))
        #expect(!self.wait.isOver(at: at(1.99)) && self.wait.isOver(at: at(2)))
    }

    @Test mutating func `Each refusal after a wait makes the next longer, until a call succeeds`() {
        var now = 0.0
        for length in [1.0, 4, 16, 64] {
            _ = self.begin(.code(131056), started: now, at: now + 0.1)
            #expect(self.wait.length == .seconds(length))
            now += 0.1 + length + 0.01
        }
        self.wait.succeeded(callStarted: at(now))
        #expect(self.wait.end == nil)
        _ = self.begin(.code(131056), started: now, at: now + 1)
        #expect(self.wait.length == .seconds(1))
    }

    @Test mutating func `A call from before the wait does not end it by succeeding late`() {
        _ = self.begin(.code(131056), started: 0, at: 1)
        self.wait.succeeded(callStarted: at(0.5))
        #expect(self.wait.end == at(2))
    }

    @Test mutating func `Retry-After in the rest of a burst makes the wait longer, never shorter`() {
        _ = self.begin(.code(131056), started: 0, at: 1)
        _ = self.begin(.code(131056, retryAfter: .seconds(30)), started: 0, at: 2)
        #expect(self.wait.end == at(32))
        _ = self.begin(.code(131056, retryAfter: .seconds(5)), started: 0, at: 3)
        #expect(self.wait.end == at(32))
    }

    @Test mutating func `Another kind of wait begins with its own first length`() {
        for step in 0..<5 { _ = self.begin(.code(131056), started: Double(step), at: Double(step) + 0.5) }
        _ = self.begin(.code(131057), started: 10, at: 11)
        #expect(self.wait.length >= .seconds(30) && self.wait.length <= .seconds(60))
    }
}
