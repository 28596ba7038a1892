import NIOCore
import TraceContext

/// A webhook's body while it is being read, and its share of the bytes that may be held.
struct IncomingBody {
    enum Share {
        /// None yet: the body is small so far.
        case none
        /// Asked for; until it is granted nothing is read.
        case awaited(BudgetLedger.Place)
        /// Granted.
        case held(since: NIODeadline, countThen: Int)
    }

    var collector: BodyCollector
    let claim: SignatureCheck.Claim
    let trace: TraceHeaders
    var share = Share.none

    /// The bytes held or asked for: all that may come, so that what was begun can be finished.
    var amount: Int { max(self.collector.expected, self.collector.bytes.count) }

    var isWaiting: Bool {
        if case .awaited = self.share { true } else { false }
    }

    /// Whether it holds a share and comes at less than a rate, in bytes a second, after a second's grace.
    func isSlower(than rate: Int, at now: NIODeadline) -> Bool {
        guard case .held(let since, let countThen) = self.share else { return false }
        let elapsed = (now - since).nanoseconds
        guard elapsed > 1_000_000_000 else { return false }
        return Int64(self.collector.bytes.count - countThen) < elapsed / 1_000_000 * Int64(rate) / 1000
    }
}
