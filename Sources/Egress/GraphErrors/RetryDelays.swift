/// How long to wait before each retry of a call.
enum RetryDelays: Hashable, Sendable {
    /// The same wait each time, or one drawn from a range, such as 30–60 s.
    case fixed(ClosedRange<Duration>)
    /// One wait for each retry, and no more retries than there are waits: 2 s, 8 s.
    case list([Duration])
    /// 4^X seconds, X = 0, 1, 2 …: 1 s, 4 s, 16 s, 64 s …, as Meta asks for error 131056.
    case powersOfFour
    /// Up to 1 s, up to 2 s, up to 4 s … up to the cap, drawn with full jitter.
    case doubling(from: Duration, to: Duration)
    /// As long as Graph says it takes to regain access; where it does not say, as doubling from 60 s to 1 h.
    case untilRegained

    /// The same wait each time, without jitter.
    static func fixed(_ delay: Duration) -> RetryDelays { .fixed(delay...delay) }

    /// For a try that its lane did not let be made: up to 0.1 s, 0.2 s, 0.4 s … up to 5 s.
    static let denied = RetryDelays.doubling(from: .milliseconds(100), to: .seconds(5))

    /// How many retries there are; `nil`: without end.
    var retries: Int? {
        if case .list(let delays) = self { delays.count } else { nil }
    }

    /// Between what and what the wait before a retry lies.
    ///
    /// - Parameter retry: 0 for the first retry. Past the end of a list its last wait stands.
    func bounds(retry: Int) -> ClosedRange<Duration> {
        switch self {
        case .fixed(let range):
            return range
        case .list(let delays):
            let delay = delays.isEmpty ? .zero : delays[min(max(retry, 0), delays.count - 1)]
            return delay...delay
        case .powersOfFour:
            // 4^8 s are 18 hours, reached after six hours of nothing but refusals; beyond it the number means nothing.
            let delay = Duration.seconds(1 << (2 * min(max(retry, 0), 8)))
            return delay...delay
        case .doubling(let first, let cap):
            return .zero...min(cap, first * (1 << min(max(retry, 0), 16)))
        case .untilRegained:
            return Self.doubling(from: .seconds(60), to: .seconds(3600)).bounds(retry: retry)
        }
    }

    /// Draws the wait before a retry.
    ///
    /// - Parameters:
    ///   - retry: 0 for the first retry.
    ///   - floor: what `Retry-After` said: the wait is never shorter.
    func draw(retry: Int, atLeast floor: Duration, using random: inout some RandomNumberGenerator) -> Duration {
        let bounds = self.bounds(retry: retry)
        let shortest = max(bounds.lowerBound, floor)
        let longest = max(bounds.upperBound, floor)
        return shortest + (longest - shortest) * Double.random(in: 0...1, using: &random)
    }
}
