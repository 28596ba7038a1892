import Settings
import Testing

@testable import Egress

@Suite struct SendLedgerTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant { self.start + .seconds(seconds) }

    /// Makes the calls that the ledger orders, all with the same answer.
    private func perform(
        _ news: SendNews, _ outcome: GraphOutcome, _ ledger: inout SendLedger, at now: ContinuousClock.Instant
    ) -> SendNews {
        for case .perform(let ticket) in news.orders {
            let result = CallResult(outcome, of: .sendMessage, token: Secret("EAAGsecret"))
            let verdict = GraphVerdict(outcome, error: result.errorFacts, of: GraphVerdict.CallTraits())
            ledger.finished(ticket, send: true, result, verdict, at: now)
        }
        return ledger.turn(after: .sendMessage, at: now)
    }

    @Test func `A maintenance of the number that does not end is told once, until another answer comes`() throws {
        var ledger = SendLedger(SendLimits(), at: self.start)
        let message = try call("sendMessage", #"{"to":"447700900123","text":"hi"}"#)
        ledger.submit(PendingSend(call: message, lane: .queue, writeBy: nil) { _, _ in }, at: self.start)
        var told: [Int] = []
        var hasEnded = false
        for second in 0...4000 {
            let now = self.at(Double(second))
            let turn = ledger.turn(after: .sendMessage, at: now)
            let isTry = turn.orders.contains { if case .perform = $0 { true } else { false } }
            let ends = second >= 2000 && !hasEnded && isTry
            if ends { hasEnded = true }
            let outcome = ends ? GraphOutcome.refused(131016) : .refused(131057)
            if self.perform(turn, outcome, &ledger, at: now).isMaintenanceLong { told.append(second) }
        }
        #expect(told.count == 2 && (901...961).contains(told[0]))
        #expect((2901...3100).contains(told.last ?? 0))
    }
}
