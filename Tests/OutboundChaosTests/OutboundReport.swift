import GraphSimulator
import TestSupport

/// The figures of a round.
struct OutboundReport: Sendable, CustomStringConvertible {
    let seed: Seed
    /// Jobs with a PubAck.
    let stored: Int
    /// Jobs that the stream holds at the end.
    let left: Int
    /// How many jobs the stream has taken, by its own count.
    let taken: UInt64
    let audit: JobAudit
    /// Jobs told as sent by an event that came.
    let told: Int
    /// What reached the simulator.
    let requests: [RecordedRequest]
    /// What became of its status webhooks.
    let webhooks: WebhookStats
    let faults: [InflictedFault]
    let begin: ContinuousClock.Instant
    /// From when on nothing failed any more.
    let calm: ContinuousClock.Instant
    /// When no job was left.
    let end: ContinuousClock.Instant
    /// What each host has logged.
    let logs: [[String]]

    var isClean: Bool { self.audit.isClean && self.left == 0 && self.taken == self.stored }

    var description: String {
        let figures = [
            "seed \(self.seed): \(self.stored) jobs stored, \(self.left) left, \(self.told) told as sent",
            "outcomes: \(Self.list(self.audit.outcomes))",
            "Graph: \(self.requests.count) calls, \(Self.list(self.answers))",
            "status webhooks: \(self.webhooks.delivered) delivered, \(self.webhooks.retried) posted again, "
                + "\(self.webhooks.givenUp) given up, \(self.webhooks.pending) pending",
            "lanes: held \(self.lines("holding the queue lane")) times, handed over "
                + "\(self.lines("the queue lane is handed over")) times, lost \(self.lines("lease is lost")) times",
            "time: \((self.calm - self.begin).rounded) with faults, then \((self.end - self.calm).rounded) "
                + "until no job was left",
        ]
        return (figures + self.faultLines + self.findingLines).joined(separator: "\n  ")
    }

    /// What reached the simulator and names a job.
    func history(of id: String) -> [String] {
        self.requests.filter { $0.text.contains("\"\(id) ") }.map { request in
            let what =
                switch request.outcome {
                case .accepted: "accepted"
                case .answered(let status): "answered \(status)"
                case .refused(let code): "refused with \(code)"
                case .scripted(let status): "scripted \(status)"
                case .disturbed: "not accepted"
                }
            let how = request.disturbance == .none ? "" : ", \(request.disturbance)"
            return "\(request.arrival.rounded) call \(request.number) \(what)\(how)"
        }
    }

    private var faultLines: [String] {
        self.faults.map { fault in
            let (from, to) = (fault.time.lowerBound - self.begin, fault.time.upperBound - self.begin)
            return "  \(from.rounded)–\(to.rounded) \(fault)"
        }
    }

    /// What is wrong, with the histories of the first ten jobs of each kind.
    private var findingLines: [String] {
        JobAudit.Finding.allCases.flatMap { finding -> [String] in
            guard let ids = self.audit.findings[finding] else { return [] }
            return ["\(ids.count) \(finding.rawValue)"]
                + ids.prefix(10).map { id in "  \(id): \(self.history(of: id).joined(separator: "; "))" }
        }
    }

    /// How many calls went in each way.
    private var answers: [String: Int] {
        self.requests.reduce(into: [:]) { answers, request in
            switch (request.outcome, request.disturbance) {
            case (.accepted, .none): answers["accepted", default: 0] += 1
            case (.accepted, let disturbance): answers["accepted and \(disturbance)", default: 0] += 1
            case (.refused(let code), _): answers["\(code)", default: 0] += 1
            case (_, let disturbance): answers["\(disturbance)", default: 0] += 1
            }
        }
    }

    private func lines(_ text: String) -> Int {
        self.logs.reduce(0) { count, log in count + log.count { $0.contains(text) } }
    }

    private static func list(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
}
