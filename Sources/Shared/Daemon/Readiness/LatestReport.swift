/// What is known of readiness at any moment: the latest report, as long as it is fresh.
struct LatestReport {
    private enum Known {
        /// No check has come to its end. Can transition to `verdict` or `draining`.
        case nothing
        /// Can transition to `draining`.
        case verdict(ReadinessPatience.Verdict, at: ContinuousClock.Instant)
        case draining
    }

    /// An older report says nothing of the present: whoever makes them hangs.
    let maximumAge: Duration
    private var known = Known.nothing

    init(maximumAge: Duration) {
        self.maximumAge = maximumAge
    }

    /// A new report is there.
    mutating func take(_ verdict: ReadinessPatience.Verdict, at now: ContinuousClock.Instant) {
        if case .draining = self.known { return }
        self.known = .verdict(verdict, at: now)
    }

    /// The process is not ready any more, whatever reports come.
    mutating func beginDrain() {
        self.known = .draining
    }

    func current(at now: ContinuousClock.Instant) -> ReadinessReport {
        switch self.known {
        case .nothing:
            return ReadinessReport([ReadinessCheck("readiness", .fails("not looked at yet"))], service: "")
        case .verdict(let verdict, let then):
            var report = verdict.end.map { now < $0 } ?? true ? verdict.report : verdict.later
            let age = now - then
            if age > self.maximumAge {
                let reason = "the check hangs: its latest report is \(age.components.seconds) s old"
                report.checks.append(ReadinessCheck("readiness", .fails(reason)))
            }
            return report
        case .draining:
            return ReadinessReport([ReadinessCheck("drain", .fails("draining"))], service: "")
        }
    }
}
