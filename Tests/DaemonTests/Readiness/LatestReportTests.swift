import Testing

@testable import Daemon

@Suite struct LatestReportTests {
    private var latest = LatestReport(maximumAge: .seconds(5))
    private let start = ContinuousClock.now
    private let ready = ReadinessReport([ReadinessCheck("nats", .holds)], service: "serving")
    private var verdict: ReadinessPatience.Verdict { .init(report: self.ready, later: self.ready, end: nil) }

    @Test func `Before the first report nothing is ready`() {
        let report = self.latest.current(at: self.start)
        #expect(!report.isReady)
        #expect(report.status == "not looked at yet")
    }

    @Test mutating func `A report counts as long as it is fresh`() {
        self.latest.take(self.verdict, at: self.start)
        #expect(self.latest.current(at: self.start) == self.ready)
        #expect(self.latest.current(at: self.start + .seconds(5)) == self.ready)
    }

    @Test mutating func `An old report is not ready, and says so beside what was found`() {
        self.latest.take(self.verdict, at: self.start)
        let old = self.latest.current(at: self.start + .seconds(7))
        #expect(!old.isReady)
        #expect(old.checks.map(\.name) == ["nats", "readiness"])
        #expect(old.status == "the check hangs: its latest report is 7 s old")
        self.latest.take(self.verdict, at: self.start + .seconds(8))
        #expect(self.latest.current(at: self.start + .seconds(8)) == self.ready)
    }

    @Test mutating func `What is overlooked is so until patience ends, though nobody looks again`() {
        let away = ReadinessReport([ReadinessCheck("nats", .unknown("away"))], service: "serving")
        let end = self.start + .seconds(3)
        self.latest.take(ReadinessPatience.Verdict(report: self.ready, later: away, end: end), at: self.start)
        #expect(self.latest.current(at: self.start + .seconds(2.9)) == self.ready)
        #expect(self.latest.current(at: end) == away)
    }

    @Test mutating func `A drain is not ready, whatever is reported after`() {
        self.latest.take(self.verdict, at: self.start)
        self.latest.beginDrain()
        self.latest.take(self.verdict, at: self.start)
        let report = self.latest.current(at: self.start)
        #expect(!report.isReady)
        #expect(report.status == "draining")
    }
}
