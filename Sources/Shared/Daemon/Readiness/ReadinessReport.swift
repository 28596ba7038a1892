/// Whether a process can serve, check by check.
package struct ReadinessReport: Hashable, Sendable {
    /// All that has to hold, whether it does or not.
    package var checks: [ReadinessCheck]
    /// What the process does while all of it holds, in a few words.
    package let service: String
    private let verdict: Bool?

    /// - Parameter verdict: whether the process can serve, where that is not to say that every check holds.
    package init(_ checks: [ReadinessCheck], service: String, isReady verdict: Bool? = nil) {
        self.checks = checks
        self.service = service
        self.verdict = verdict
    }

    /// Whether the process can serve: every check holds, unless something else was said to decide.
    package var isReady: Bool { self.verdict ?? self.checks.allSatisfy(\.holds) }

    /// What the process does, or why it cannot; then what is degraded: text for `STATUS=`, each reason once, the first
    /// eight of them.
    package var status: String {
        var known: Set<String> = []
        let checks = self.checks.filter { !$0.holds } + self.checks.filter(\.isDegraded)
        let reasons = checks.compactMap(\.reason).filter { known.insert($0).inserted }
        let service = self.isReady ? [self.service] : []
        return (service + (reasons.isEmpty ? [] : ["\(ShortList(reasons, separator: "; "))"])).joined(separator: "; ")
    }
}

/// One thing that has to hold for a process to serve, and what was found of it.
package struct ReadinessCheck: Hashable, Sendable {
    /// What was found.
    package enum Finding: Hashable, Sendable {
        /// It holds.
        case holds
        /// It holds since there is nothing to be done, for this reason.
        case idle(String)
        /// It holds, but not as it should, for this reason: somebody has to see to it.
        case degraded(String)
        /// It does not, for this reason.
        case fails(String)
        /// What could tell is out of reach, for this reason; for a short time what was found before counts.
        case unknown(String)

        /// Fails when there are problems, else is degraded when there are warnings; the reasons are all of them.
        package static func of(_ problems: [String], warnings: [String] = []) -> Finding {
            let reason = (problems + warnings).joined(separator: "; ")
            if !problems.isEmpty { return .fails(reason) }
            return warnings.isEmpty ? .holds : .degraded(reason)
        }
    }

    /// What is looked at, such as `nats` or `stream WHATSAPP_IN`.
    package let name: String
    package var finding: Finding

    /// - Parameter finding: a reason in it says in one line what is wrong, without a secret.
    package init(_ name: String, _ finding: Finding) {
        self.name = name
        self.finding = finding
    }

    package var holds: Bool {
        switch self.finding {
        case .holds, .idle, .degraded: true
        case .fails, .unknown: false
        }
    }

    package var isDegraded: Bool {
        if case .degraded = self.finding { true } else { false }
    }

    /// Why it does not hold, is degraded, or has nothing to hold; nil otherwise.
    package var reason: String? {
        switch self.finding {
        case .holds: nil
        case .idle(let reason), .degraded(let reason), .fails(let reason), .unknown(let reason): reason
        }
    }
}
