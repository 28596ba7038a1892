import Synchronization
import Testing

@testable import Daemon

@Suite struct ReadinessLoopTests {
    /// Hands out one report after another, then cancels the task that asks.
    private final class Script: Sendable {
        private let findings: Mutex<[ReadinessCheck.Finding]>

        init(_ findings: [ReadinessCheck.Finding]) {
            self.findings = Mutex(findings.reversed())
        }

        func next() -> ReadinessReport {
            let finding = self.findings.withLock { $0.popLast() }
            if finding == nil { withUnsafeCurrentTask { $0?.cancel() } }
            return ReadinessReport([ReadinessCheck("nats", finding ?? .holds)], service: "serving")
        }
    }

    private static func notices(of findings: [ReadinessCheck.Finding], patience: Duration) async -> [String] {
        let sent = Mutex<[String]>([])
        let notifier = Notifier { notice in sent.withLock { $0.append(notice) } }
        let script = Script(findings)
        let loop = ReadinessLoop(notifier: notifier, interval: .milliseconds(1), patience: patience) { script.next() }
        await withDiscardingTaskGroup { group in
            group.addTask { await loop.run() }
        }
        notifier.flush(within: .seconds(10))
        return sent.withLock { $0 }
    }

    @Test func `Each change is told once, and the start time-out extended until the process is ready`() async {
        let notices = await Self.notices(
            of: [.unknown("waiting"), .unknown("waiting"), .holds, .holds, .fails("full"), .fails("full"), .holds],
            patience: .seconds(60))
        #expect(
            notices.filter { !$0.hasPrefix("EXTEND") } == [
                "STATUS=waiting", "READY=1\nSTATUS=serving", "STATUS=full", "READY=1\nSTATUS=serving",
            ])
        #expect(notices.filter { $0.hasPrefix("EXTEND") } == ["EXTEND_TIMEOUT_USEC=30000000"])
    }

    @Test func `A short absence is not told`() async {
        let notices = await Self.notices(of: [.holds, .unknown("away"), .holds], patience: .seconds(60))
        #expect(notices == ["READY=1\nSTATUS=serving"])
    }

    @Test func `An absence that is longer than the patience is told`() async {
        let notices = await Self.notices(of: [.holds, .unknown("away"), .holds], patience: .zero)
        #expect(notices == ["READY=1\nSTATUS=serving", "STATUS=away", "READY=1\nSTATUS=serving"])
    }

    @Test func `The report is the latest one, until the drain begins`() async {
        let script = Script([.fails("full")])
        let loop = ReadinessLoop(notifier: Notifier(send: nil), interval: .milliseconds(1)) { script.next() }
        #expect(loop.report.status == "not looked at yet")
        await withDiscardingTaskGroup { group in
            group.addTask { await loop.run() }
        }
        #expect(loop.report.status == "full")
        loop.beginDrain()
        #expect(loop.report.status == "draining")
    }
}
