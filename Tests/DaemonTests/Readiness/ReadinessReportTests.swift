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

    @Test func `Of many reasons the status names the first, and says how many more there are`() {
        let checks = (1...1000).map { ReadinessCheck("account \($0)", .fails("\($0) is paused")) }
        let status = ReadinessReport(checks, service: "serving").status
        #expect(status == (1...8).map { "\($0) is paused" }.joined(separator: "; ") + " and 992 more")
    }

    @Test func `Several problems are one reason, none is none`() {
        #expect(ReadinessCheck.Finding.of([]) == .holds)
        #expect(ReadinessCheck.Finding.of(["one", "two"]) == .fails("one; two"))
        #expect(ReadinessCheck.Finding.of([], warnings: ["three", "four"]) == .degraded("three; four"))
        #expect(ReadinessCheck.Finding.of(["one"], warnings: ["three"]) == .fails("one; three"))
    }

    @Test func `What is degraded leaves a process ready, and the status names it`() {
        let degraded = ReadinessCheck("account a", .degraded("a needs attention"))
        let ready = ReadinessReport([ReadinessCheck("nats", .holds), degraded], service: "serving a")
        #expect(ready.isReady && ready.status == "serving a; a needs attention")
        let report = ReadinessReport([degraded, ReadinessCheck("nats", .fails("NATS is away"))], service: "serving a")
        #expect(!report.isReady && report.status == "NATS is away; a needs attention")
    }
}
