/// Whether a process can serve, check by check.
package struct ReadinessReport: Hashable, Sendable {
    /// All that has to hold, whether it does or not.
    package var checks: [ReadinessCheck]
    /// What the process does while all of it holds, in a few words.
    package let service: String

    package init(_ checks: [ReadinessCheck], service: String) {
        self.checks = checks
        self.service = service
    }

    /// Whether every check holds.
    package var isReady: Bool { self.checks.allSatisfy(\.holds) }

    /// What the process does, or all the reasons why it cannot, each once: text for `STATUS=`.
    package var status: String {
        guard !self.isReady else { return self.service }
        var reasons: [String] = []
        for reason in self.checks.compactMap(\.reason) where !reasons.contains(reason) { reasons.append(reason) }
        return reasons.joined(separator: "; ")
    }
}

/// One thing that has to hold for a process to serve, and what was found of it.
package struct ReadinessCheck: Hashable, Sendable {
    package enum Finding: Hashable, Sendable {
        /// It holds.
        case holds
        /// It does not, for this reason.
        case fails(String)
        /// What could tell is out of reach, for this reason; for a short time what was found before counts.
        case unknown(String)

        /// Fails when there are problems, for all of them.
        package static func of(_ problems: [String]) -> Finding {
            problems.isEmpty ? .holds : .fails(problems.joined(separator: "; "))
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

    package var holds: Bool { self.finding == .holds }

    /// Why it does not hold; nil where it does.
    package var reason: String? {
        switch self.finding {
        case .holds: nil
        case .fails(let reason), .unknown(let reason): reason
        }
    }
}
