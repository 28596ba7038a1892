import Testing

@testable import Daemon

@Suite struct ReadinessReportTests {
    @Test func `A report is ready when every check holds, and says what the process does`() {
        let report = ReadinessReport(
            [ReadinessCheck("nats", .holds), ReadinessCheck("listener", .holds)], service: "taking webhooks")
        #expect(report.isReady)
        #expect(report.status == "taking webhooks")
        #expect(report.checks.allSatisfy { $0.reason == nil })
    }

    @Test(arguments: [ReadinessCheck.Finding.fails("it is off"), .unknown("it is off")])
    func `One check that does not hold is enough, and its reason is the status`(finding: ReadinessCheck.Finding) {
        let report = ReadinessReport([ReadinessCheck("a", .holds), ReadinessCheck("b", finding)], service: "serving")
        #expect(!report.isReady)
        #expect(report.status == "it is off")
    }

    @Test func `A reason that several checks share is said once, all others each`() {
        let away = ReadinessCheck.Finding.unknown("waiting for NATS")
        let report = ReadinessReport(
            [
                ReadinessCheck("nats", away), ReadinessCheck("stream", away),
                ReadinessCheck("account a", .fails("a is paused")),
            ], service: "serving")
        #expect(report.status == "waiting for NATS; a is paused")
    }

    @Test func `Several problems are one reason, none is none`() {
        #expect(ReadinessCheck.Finding.of([]) == .holds)
        #expect(ReadinessCheck.Finding.of(["one", "two"]) == .fails("one; two"))
    }
}
