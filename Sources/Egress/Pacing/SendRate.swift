/// How many sends a second a number may take, found by asking too much now and then (error 130429).
///
/// On 130429 the rate halves. Then it climbs: in 1 s close to where it was refused, steeply first and ever more
/// gently; from there on it probes upwards, hardly at first and ever faster, so that it doubles in about two minutes if
/// nothing is refused. So several workers that share a number and know nothing of each other spend
/// most of their time just below the limit, and are refused seldom.
struct SendRate: Sendable {
    /// The highest rate ever asked for.
    let configured: Double
    private var climb: Climb?

    /// - Parameter configured: sends a second, more than 0.
    init(configured: Double) {
        precondition(configured > 0, "a number that may send nothing needs no rate")
        self.configured = configured
    }

    /// The rate at an instant.
    func perSecond(at now: ContinuousClock.Instant) -> Double {
        min(self.configured, self.climb?.rate(at: now) ?? self.configured)
    }

    /// How much time's worth may gather and be sent at once: less for some minutes after a refusal, since at the limit it
    /// is bursts that are refused.
    func burst(at now: ContinuousClock.Instant) -> Duration {
        guard let climb = self.climb, now < climb.start + .seconds(600) else { return TokenBucket.burst }
        return .milliseconds(25)
    }

    /// Halves the rate, once for a whole burst of refusals: the caller tells bursts apart.
    ///
    /// - Parameters:
    ///   - start: when sending goes on, and the climb begins.
    ///   - accepted: how many sends were accepted in the last second; `nil` where they came too unevenly to tell.
    mutating func halve(
        at now: ContinuousClock.Instant, climbingFrom start: ContinuousClock.Instant, accepted: Double?
    ) {
        let refused = self.perSecond(at: now)
        let low = max(refused / 2, self.configured / 64)
        let goal: Double
        if let accepted {
            // What was accepted shows what can be had: aim just under it.
            goal = min(refused, accepted) * 0.985
        } else {
            // Refused below the last goal: the share has become smaller, so aim well below. Else just under the edge.
            let isBelowGoal = self.climb.map { refused < $0.goal * 0.999 } ?? false
            goal = refused * (isBelowGoal ? 0.85 : 0.985)
        }
        self.climb = Climb(start: start, low: low, goal: max(low, goal))
    }

    /// One way up: concave to the goal, convex beyond it, as TCP CUBIC does it.
    private struct Climb {
        let start: ContinuousClock.Instant
        let low: Double
        let goal: Double

        func rate(at now: ContinuousClock.Instant) -> Double {
            let toGoal = 1.0
            let seconds = max(0, (now - self.start) / .seconds(1))
            let left = 1 - seconds / toGoal
            if left > 0 { return self.goal - (self.goal - self.low) * left * left * left }
            let beyond = seconds - toGoal
            return self.goal * (1 + 7e-7 * beyond * beyond * beyond)
        }
    }
}
