/// Lets what was found before stand for a while when it cannot be looked at, as in a short absence of NATS.
///
/// What fails, and what was never known, is not overlooked.
struct ReadinessPatience {
    /// How long something may be unknown before that counts.
    let limit: Duration
    /// By the names of the checks: what was found last.
    private var found: [String: ReadinessCheck.Finding] = [:]
    /// By the names of the checks: since when nothing is.
    private var unknownSince: [String: ContinuousClock.Instant] = [:]

    init(limit: Duration) {
        self.limit = limit
    }

    /// The report with what is known from before in it.
    ///
    /// - Parameters:
    ///   - begin: when the look that it is from began.
    ///   - end: when that look was over.
    mutating func settled(
        _ report: ReadinessReport, from begin: ContinuousClock.Instant, to end: ContinuousClock.Instant
    ) -> ReadinessReport {
        var report = report
        for index in report.checks.indices {
            let check = report.checks[index]
            if case .unknown = check.finding {
                let since = self.unknownSince[check.name, default: begin]
                self.unknownSince[check.name] = since
                if let before = self.found[check.name], end - since < self.limit {
                    report.checks[index].finding = before
                }
            } else {
                self.found[check.name] = check.finding
                self.unknownSince[check.name] = nil
            }
        }
        return report
    }
}
