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
        return self.patience.settled(report, from: end - .seconds(time), to: end).report.checks[0].finding
    }

    @Test mutating func `What was never known is not overlooked`() {
        #expect(self.settled(Self.away, at: 0) == Self.away)
        #expect(self.settled(Self.away, at: 1) == Self.away)
    }

    @Test(arguments: [ReadinessCheck.Finding.holds, .fails("it discards old messages")])
    mutating func `What was found last stands until it is five seconds old`(found: ReadinessCheck.Finding) {
        #expect(self.settled(found, at: 0) == found)
        #expect(self.settled(Self.away, at: 2) == found)
        #expect(self.settled(Self.away, at: 4.9) == found)
        #expect(self.settled(Self.away, at: 5) == Self.away)
        #expect(self.settled(Self.away, at: 6) == Self.away)
    }

    @Test mutating func `Its age counts from the beginning of the look that found it`() {
        _ = self.settled(.holds, at: 1, taking: 1)
        #expect(self.settled(Self.away, at: 4.9) == .holds)
        #expect(self.settled(Self.away, at: 5) == Self.away)
    }

    @Test mutating func `It is told when patience ends, and what counts then`() {
        let (holds, away) = (ReadinessCheck("nats", .holds), ReadinessCheck("nats", Self.away))
        let known = self.patience.settled(
            ReadinessReport([holds], service: ""), from: self.start, to: self.start + .seconds(1))
        #expect(known.end == nil && known.report == known.later)
        let unknown = self.patience.settled(
            ReadinessReport([away], service: ""), from: self.start + .seconds(2), to: self.start + .seconds(4))
        #expect(unknown.end == self.start + .seconds(5))
        #expect(unknown.report.checks == [holds] && unknown.later.checks == [away])
    }

    @Test mutating func `What fails is not overlooked, whatever was before`() {
        _ = self.settled(.holds, at: 0)
        #expect(self.settled(.fails("gone"), at: 0.1) == .fails("gone"))
    }

    @Test mutating func `Each finding has five seconds of its own`() {
        _ = self.settled(.holds, at: 0)
        #expect(self.settled(Self.away, at: 1) == .holds)
        #expect(self.settled(.holds, at: 5) == .holds)
        #expect(self.settled(Self.away, at: 6) == .holds)
        #expect(self.settled(Self.away, at: 9.9) == .holds)
        #expect(self.settled(Self.away, at: 10) == Self.away)
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
        #expect(settled.report == after)
    }
}
