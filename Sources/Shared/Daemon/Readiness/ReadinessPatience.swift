/// Lets what was found before stand for a while when it cannot be looked at, as in a short absence of NATS.
///
/// What fails, and what was never known, is not overlooked.
struct ReadinessPatience {
    /// What is to be said now, and what after a time if no later look says otherwise.
    struct Verdict: Hashable, Sendable {
        let report: ReadinessReport
        /// Without what is only known from before; the same as `report` where that is nothing.
        let later: ReadinessReport
        /// From when on `later` counts; nil where it is the same.
        let end: ContinuousClock.Instant?
    }

    /// How long ago something may have been found at most: the age of the look that found it, from its beginning.
    let limit: Duration
    /// By the names of the checks: what was found last, and when the look at it began.
    private var found: [String: (finding: ReadinessCheck.Finding, at: ContinuousClock.Instant)] = [:]

    init(limit: Duration) {
        self.limit = limit
    }

    /// Takes a report in.
    ///
    /// - Parameters:
    ///   - begin: when the look that it is from began.
    ///   - end: when that look was over.
    mutating func settled(
        _ report: ReadinessReport, from begin: ContinuousClock.Instant, to end: ContinuousClock.Instant
    ) -> Verdict {
        var overlooking = report
        var until: ContinuousClock.Instant?
        for index in report.checks.indices {
            let check = report.checks[index]
            if case .unknown = check.finding {
                guard let before = self.found[check.name], end < before.at + self.limit else { continue }
                overlooking.checks[index].finding = before.finding
                until = min(until ?? before.at + self.limit, before.at + self.limit)
            } else {
                self.found[check.name] = (check.finding, begin)
            }
        }
        return Verdict(report: overlooking, later: report, end: until)
    }
}
