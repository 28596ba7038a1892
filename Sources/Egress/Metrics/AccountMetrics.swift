import Addressing
import CoreMetrics
import Prometheus
import Synchronization

/// Counts how an account's requests and jobs end, and times its calls.
///
/// Counters are made once and kept: those of `sendMessage` at once, those of another action when it is first asked for.
final class AccountMetrics: Sendable {
    private let account: String
    private let factory: any MetricsFactory
    private let graphSeconds: Timer
    private let heldFull: Counter
    /// By lane and action; the last action of a lane is for names of which there is none.
    private let sends: [LazyOutcomes]

    private final class LazyOutcomes: Sendable {
        let outcomes = AtomicLazyReference<Outcomes>()
    }

    private final class Outcomes: Sendable {
        /// By the outcome's number; nil for what the lane does not know.
        let counters: [Counter?]

        init(_ counters: [Counter?]) {
            self.counters = counters
        }
    }

    init(of account: AccountName, in factory: any MetricsFactory) {
        self.account = account.value
        self.factory = factory
        self.graphSeconds = MetricFamilies.egressGraphSeconds.timer([account.value], in: factory)
        self.heldFull = MetricFamilies.egressHeldFull.counter([account.value], in: factory)
        self.sends = SendLane.allCases.flatMap { _ in (0...Action.allCases.count).map { _ in LazyOutcomes() } }
        for lane in SendLane.allCases { _ = self.outcomes(of: .sendMessage, lane) }
    }

    /// A job has been settled.
    func settled(_ settlement: Settlement) {
        guard let outcome = settlement.end.outcome else { return }
        // Only what never became a call is looked up by its name.
        let action = settlement.escort?.accepted.call.action ?? Action(rawValue: settlement.job.action)
        self.ended(action, .queue, outcome)
    }

    /// A request has been answered, or a job settled.
    ///
    /// - Parameter action: `nil` for a name of which there is none.
    func ended(_ action: Action?, _ lane: SendLane, _ outcome: SendOutcome) {
        self.outcomes(of: action, lane).counters[outcome.rawValue]?.increment()
    }

    /// A call was written, and answered or lost.
    func called(for duration: Duration) {
        self.graphSeconds.observe(duration)
    }

    /// As many jobs are held as may be.
    func jobsAreFull() {
        self.heldFull.increment()
    }

    private func outcomes(of action: Action?, _ lane: SendLane) -> Outcomes {
        let place = lane.rawValue * (Action.allCases.count + 1) + (action?.number ?? Action.allCases.count)
        let kept = self.sends[place]
        return kept.outcomes.load() ?? kept.outcomes.storeIfNil(self.makeOutcomes(of: action, lane))
    }

    private func makeOutcomes(of action: Action?, _ lane: SendLane) -> Outcomes {
        let possible = SendOutcome.possible(on: lane)
        return Outcomes(
            SendOutcome.allCases.map { outcome in
                guard possible.contains(outcome) else { return nil }
                let labels = [self.account, action?.rawValue ?? "unknown", "\(lane)", "\(outcome)"]
                return MetricFamilies.egressSends.counter(labels, in: self.factory)
            })
    }
}

extension Action {
    /// Its place among all.
    var number: Int {
        switch self {
        case .sendMessage: 0
        case .sendImage: 1
        case .sendDocument: 2
        case .sendVideo: 3
        case .sendAudio: 4
        case .sendSticker: 5
        case .sendLocation: 6
        case .sendContact: 7
        case .sendTemplate: 8
        case .sendReaction: 9
        case .sendInteractive: 10
        case .markRead: 11
        case .typing: 12
        case .raw: 13
        case .uploadMedia: 14
        case .getMedia: 15
        case .downloadMedia: 16
        case .deleteMedia: 17
        }
    }
}
