@testable import Egress

/// Instants without a clock: seconds after an origin that means nothing.
private let origin = ContinuousClock.now

func at(_ seconds: Double) -> ContinuousClock.Instant { origin + .seconds(seconds) }

extension ContinuousClock.Instant {
    /// Seconds after the origin.
    var seconds: Double { (self - origin) / .seconds(1) }
}

extension GraphRetry {
    static func code(_ code: Int, retryAfter: Duration? = nil, countsForRate: Bool = true) -> GraphRetry {
        let answer = GraphAnswer(status: 400, body: [], retryAfter: retryAfter)
        let verdict = GraphVerdict(
            .answered(answer), error: .init(code: code), of: .init(countsForRate: countsForRate))
        guard case .retry(let retry) = verdict else { preconditionFailure("\(code) is not retried") }
        return retry
    }
}

extension GraphVerdict {
    /// The verdict on an error code that is retried.
    static func again(_ code: Int, retryAfter: Duration? = nil) -> GraphVerdict {
        .retry(.code(code, retryAfter: retryAfter))
    }
}
