import TestSupport

/// The figures of a round.
struct ChaosReport: Sendable, CustomStringConvertible {
    struct FaultReport: Sendable, CustomStringConvertible {
        let fault: Fault
        /// From its end until the first webhook was answered 200.
        let recovery: Duration
        let allowance: Duration
        /// Its begin and its end, counted from the first webhook offered.
        let time: Range<Duration>
        /// What was answered from its begin until then.
        let tally: AttemptTally
        /// The longest time for an answer, of requests sent meanwhile.
        let slowest: Duration

        var isInTime: Bool { self.recovery <= self.allowance }

        /// Whether clients saw what they may see of it: of a stop on request no more than a connection that they had used.
        var isSeamless: Bool {
            self.fault != .ingressTerminated || self.tally.unavailable == 0 && self.tally.cutFresh == 0
        }

        /// Whether each request was answered in time, for which the ingress must have been there.
        var isPrompt: Bool {
            switch self.fault {
            case .ingressKilled, .ingressTerminated, .bothKilled: true
            case .natsKilled, .natsPaused, .streamFull, .jetStreamOff, .diskFull:
                self.slowest <= ChaosGateway.ackTimeout + .milliseconds(500) + ChaosGateway.slack
            }
        }

        var description: String {
            "\(self.time.lowerBound.rounded)–\(self.time.upperBound.rounded) \(self.fault): "
                + "accepted again after \(self.recovery.rounded) of \(self.allowance.rounded); "
                + "503: \(self.tally.unavailable), cut: \(self.tally.cutReused) on reuse, \(self.tally.cutFresh) at once, "
                + "slowest answer \(self.slowest.rounded)"
        }
    }

    let seed: Seed
    let record: LoadRecord
    let faults: [FaultReport]
    /// How many messages the stream holds.
    let stored: Int
    /// Messages at the head of the stream that nats-server has dropped by itself.
    let droppedFirst: Int
    let audit: StreamAudit
    /// Where in the stream the events of suspicious webhooks stand.
    let places: [String: Int]

    var description: String {
        let tally = self.record.tally
        let figures = [
            "seed \(self.seed): offered \(self.record.webhooks.count), accepted \(self.record.accepted.count)",
            "lost \(self.audit.lost.count), twice \(self.audit.twice.count)",
            "longest 503 period \(self.record.longestRefusal.rounded), repeats offered \(self.record.repeats)",
            "answers: \(tally.accepted) × 200, \(tally.unavailable) × 503, \(tally.timedOut) × 408",
            "connections: \(tally.cutReused) cut on reuse, \(tally.cutFresh) cut at once, \(tally.refused) refused",
            "slowest answer \(self.record.slowest.rounded), messages stored \(self.stored), "
                + "dropped by nats-server at its byte limit \(self.droppedFirst), "
                + "order asserted for \(self.record.acceptedAtOnce.count)",
        ]
        return (figures + self.faults.map { "  \($0)" } + self.suspicions).joined(separator: "\n  ")
    }

    /// How it went with webhooks of which something is wrong in the stream; the first ten.
    private var suspicions: [String] {
        self.audit.suspects.sorted().prefix(10).map { number in
            let ids = self.record.webhooks[number].events.map {
                "\($0.messageID) at \(self.places[$0.messageID] ?? -1)"
            }
            return "webhook \(number): \(self.record.history(of: number)); \(ids.joined(separator: ", "))"
        }
    }
}
