import Foundation
import Glibc
import Testing

@testable import Supervisor

/// Who watches whom, and what a silence leads to.
@Suite(.serialized) struct WatchdogProcessTests {
    @Test func `A worker that shows no progress is aborted, told of with the remedy, and started again`() throws {
        let supervisor = try SupervisorUnderTest(["stuck", "steady"], ["SUPERVISOR_WATCHDOG_MS": "800"])
        let first = try supervisor.record(of: "stuck")
        #expect(first.environment["WATCHDOG_USEC"] == "800000")
        try supervisor.line(
            "no progress for 0.80 s and is aborted", "raise SUPERVISOR_WATCHDOG_MS", "worker=egress-stuck",
            "pid=\(first.pid)")
        let end = try supervisor.line("worker ended, starts again", "worker=egress-stuck")
        #expect(end.contains("killed by SIGABRT") && end.contains("again_in=\"0.00 s\""))
        _ = try supervisor.record(of: "stuck", besides: [first])
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
        #expect(try !supervisor.logToItsEnd().contains { $0.contains("aborted") && $0.contains("egress-steady") })
    }

    @Test func `One that SIGABRT does not end is killed after 2 s`() throws {
        let supervisor = try SupervisorUnderTest(["unabortable"], ["SUPERVISOR_WATCHDOG_MS": "300"])
        try supervisor.line("is aborted", "worker=egress-unabortable")
        let aborted = ContinuousClock.now
        try supervisor.line("is still there after SIGABRT and is killed", "worker=egress-unabortable")
        #expect(.now - aborted > .seconds(1.9))
        try supervisor.line("worker ended, starts again", "killed by SIGKILL", "worker=egress-unabortable")
        supervisor.signal(SIGKILL)
        try supervisor.logToItsEnd()
    }

    @Test func `A supervisor that was paused for long blames nobody`() throws {
        let supervisor = try SupervisorUnderTest(["ready", "steady"], ["SUPERVISOR_WATCHDOG_MS": "1000"])
        try supervisor.notice { $0.isReady }
        supervisor.signal(SIGSTOP)
        // Longer than a worker may be silent; nothing tells the time but the clock.
        usleep(2_500_000)
        supervisor.signal(SIGCONT)
        try supervisor.line("paused, all deadlines begin again")
        // Long enough for a deadline that had not begun again, and for one that had.
        usleep(1_500_000)
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
        let log = try supervisor.logToItsEnd()
        #expect(!log.contains { $0.contains("aborted") || $0.contains("starts again") })
        #expect(log.count { $0.contains("worker started") } == 2)
    }

    @Test func `With the watchdog off no worker is asked for a sign of life, nor blamed`() throws {
        let supervisor = try SupervisorUnderTest(["stuck"], ["SUPERVISOR_WATCHDOG_MS": "0"])
        try supervisor.notice { $0.isReady }
        #expect(try supervisor.record(of: "stuck").environment["WATCHDOG_USEC"] == nil)
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
    }

    @Test(arguments: ["SUPERVISOR_WATCHDOG_MS=0", "SUPERVISOR_WATCHDOG_MS=10000"])
    func `It shows systemd that its loop turns, well within the time that it has, and stays silent when it does not`(
        file: String
    ) throws {
        let supervisor = try SupervisorUnderTest(["steady"], ["WATCHDOG_USEC": "1000000"], file: file)
        try supervisor.notice { $0.isReady }
        for _ in 0..<8 {
            let last = ContinuousClock.now
            try supervisor.notice { $0.isPing }
            #expect(.now - last < .seconds(1))
        }
        supervisor.signal(SIGSTOP)
        // What was on its way has come by then.
        usleep(100_000)
        while supervisor.nextNotice() != nil {}
        usleep(1_500_000)
        #expect(supervisor.nextNotice() == nil)
        supervisor.signal(SIGCONT)
        try supervisor.notice { $0.isPing }
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
    }
}
