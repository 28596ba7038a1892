import Testing

@testable import Daemon

@Suite struct ReadinessPatienceTests {
    private var patience = ReadinessPatience(limit: .seconds(5))
    private let start = ContinuousClock.now

    private static let away = ReadinessCheck.Finding.unknown("NATS is away")

    /// What remains of a finding when the look at it was over at `second`, having taken `time`.
    private mutating func settled(
        _ finding: ReadinessCheck.Finding, at second: Double, taking time: Double = 0
    ) -> ReadinessCheck.Finding {
        let end = self.start + .seconds(second)
        let report = ReadinessReport([ReadinessCheck("nats", finding)], service: "")
        return self.patience.settled(report, from: end - .seconds(time), to: end).checks[0].finding
    }

    @Test mutating func `What was never known is not overlooked`() {
        #expect(self.settled(Self.away, at: 0) == Self.away)
        #expect(self.settled(Self.away, at: 1) == Self.away)
    }

    @Test(arguments: [ReadinessCheck.Finding.holds, .fails("it discards old messages")])
    mutating func `What was found last stands for five seconds`(found: ReadinessCheck.Finding) {
        #expect(self.settled(found, at: 0) == found)
        #expect(self.settled(Self.away, at: 2) == found)
        #expect(self.settled(Self.away, at: 6.9) == found)
        #expect(self.settled(Self.away, at: 7) == Self.away)
        #expect(self.settled(Self.away, at: 8) == Self.away)
    }

    @Test mutating func `The time counts from the beginning of the first look that found nothing out`() {
        _ = self.settled(.holds, at: 0)
        #expect(self.settled(Self.away, at: 4, taking: 2) == .holds)
        #expect(self.settled(Self.away, at: 6.9, taking: 2) == .holds)
        #expect(self.settled(Self.away, at: 7.1, taking: 2) == Self.away)
    }

    @Test mutating func `What fails is not overlooked, whatever was before`() {
        _ = self.settled(.holds, at: 0)
        #expect(self.settled(.fails("gone"), at: 0.1) == .fails("gone"))
    }

    @Test mutating func `Each absence has five seconds of its own`() {
        _ = self.settled(.holds, at: 0)
        #expect(self.settled(Self.away, at: 1) == .holds)
        #expect(self.settled(.holds, at: 5) == .holds)
        #expect(self.settled(Self.away, at: 6) == .holds)
        #expect(self.settled(Self.away, at: 10.9) == .holds)
        #expect(self.settled(Self.away, at: 11) == Self.away)
    }

    @Test mutating func `Each check is known by itself`() {
        let before = ReadinessReport([ReadinessCheck("nats", .holds), ReadinessCheck("stream", .holds)], service: "")
        _ = self.patience.settled(before, from: self.start, to: self.start)
        let after = ReadinessReport(
            [
                ReadinessCheck("nats", .holds), ReadinessCheck("stream", .fails("full")),
                ReadinessCheck("account", Self.away),
            ], service: "")
        let settled = self.patience.settled(after, from: self.start, to: self.start)
        #expect(settled == after)
    }
}
