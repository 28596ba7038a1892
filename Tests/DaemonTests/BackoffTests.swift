import Daemon
import Testing

@Suite struct BackoffTests {
    private static let expected: [Duration] = [
        .zero, .milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16), .seconds(30),
        .seconds(30), .seconds(30),
    ]

    @Test func `It doubles from the first waiting to the longest, each shortened by a fifth at most`() {
        var random = SystemRandomNumberGenerator()
        var backoff = Backoff(first: .milliseconds(500), longest: .seconds(30), firstAtOnce: true)
        for expected in Self.expected {
            let delay = backoff.next(using: &random)
            #expect(delay >= expected * 0.8 && delay <= expected, "\(delay) for \(expected)")
        }
    }

    @Test func `Two of a kind do not wait equally long`() {
        var random = SystemRandomNumberGenerator()
        var delays: Set<Duration> = []
        for _ in 0..<20 {
            var backoff = Backoff(first: .seconds(1), longest: .seconds(30))
            delays.insert(backoff.next(using: &random))
        }
        #expect(delays.count > 1)
    }

    @Test func `A reset begins with the first waiting again`() {
        var random = SystemRandomNumberGenerator()
        var backoff = Backoff(first: .seconds(1), longest: .seconds(30), firstAtOnce: true)
        for _ in 0..<5 { _ = backoff.next(using: &random) }
        backoff.reset()
        #expect(backoff.next(using: &random) == .zero)
        #expect(backoff.next(using: &random) <= .seconds(1))
    }

    @Test func `It can go on with the longest waiting at once`() {
        var random = SystemRandomNumberGenerator()
        var backoff = Backoff(first: .milliseconds(500), longest: .seconds(30), firstAtOnce: true)
        backoff.skipToLongest()
        #expect(backoff.next(using: &random) >= .seconds(24))
        #expect(backoff.next(using: &random) >= .seconds(24))
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func `A first waiting of nothing does not run for ever`(first: Duration) {
        var random = SystemRandomNumberGenerator()
        var backoff = Backoff(first: first, longest: .seconds(1))
        backoff.skipToLongest()
        #expect(backoff.next(using: &random) >= .milliseconds(800))
    }
}
