import Testing

@testable import NATSClient

@Suite struct RefusalBudgetTests {
    @Test func `Ten refusals a minute are logged`() {
        var budget = RefusalBudget()
        let start = ContinuousClock.now
        func told(_ count: Int, at now: ContinuousClock.Instant) -> Int {
            (0..<count).reduce(0) { sum, _ in sum + (budget.allows(at: now) ? 1 : 0) }
        }
        #expect(told(1000, at: start) == 10)
        #expect(told(1000, at: start + .seconds(59)) == 0)
        #expect(told(3, at: start + .seconds(60)) == 3)
    }
}
