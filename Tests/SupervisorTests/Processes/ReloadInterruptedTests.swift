import Foundation
import Glibc
import Testing

@testable import Supervisor

/// What may happen while a reload is under way: its newcomer waits at a gate.
@Suite(.serialized) struct ReloadInterruptedTests {
    private static let before = "WA_READY=1:one\nWA_STEADY=2:two\n"
    private static let after = "WA_READY=1:role-gated\nWA_STEADY=2:two\n"

    /// A supervisor in the middle of a reload.
    private static func reloading() throws -> (
        supervisor: SupervisorUnderTest, old: WorkerRecord, new: WorkerRecord
    ) {
        let supervisor = try SupervisorUnderTest([], file: Self.before)
        try supervisor.notice { $0.isReady }
        #expect(mkfifo("\(supervisor.directory)/gate", 0o600) == 0)
        let old = try supervisor.record(of: "ready")
        try supervisor.reload(Self.after)
        try supervisor.notice { $0.status == "2 workers ready; reloading, 1 to go" }
        return (supervisor, old, try supervisor.record(of: "ready", besides: [old]))
    }

    private static func openGate(of supervisor: SupervisorUnderTest) {
        // Opens only once the worker is at its reading end.
        close(open("\(supervisor.directory)/gate", O_WRONLY))
    }

    @Test func `A second SIGHUP is done after the first`() throws {
        let (supervisor, old, new) = try Self.reloading()
        try supervisor.reload("WA_READY=1:role-gated\nWA_OTHER=3:three\n")
        supervisor.signal(SIGHUP)
        // The supervisor has taken both once it has looked at a notice that came later.
        #expect(Sockets.send("READY=1", to: try #require(old.environment["NOTIFY_SOCKET"])))
        try supervisor.line("a notice of no worker is dropped")
        Self.openGate(of: supervisor)
        try supervisor.line("reloaded", "kept=1", "replaced=1")
        try supervisor.line("reloading")
        try supervisor.line("reloaded", "added=1 failed=0 kept=1", "removed=1 replaced=0")
        #expect(new.isAlive)
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
        let log = try supervisor.logToItsEnd()
        #expect(log.count { $0.contains("msg=\"reloading\"") } == 2)
    }

    @Test func `SIGTERM drains all, the newcomers too`() throws {
        let supervisor = try SupervisorUnderTest([], file: Self.before)
        try supervisor.notice { $0.isReady }
        let old = try supervisor.record(of: "ready")
        try supervisor.reload("WA_READY=1:role-late\nWA_STEADY=2:two\n")
        let new = try supervisor.record(of: "ready", besides: [old])
        try supervisor.line("worker not ready yet", "worker=egress-ready")
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
        #expect(!old.isAlive && !new.isAlive)
        #expect(try supervisor.logToItsEnd().count { $0.contains("worker stopped") } == 3)
    }

    @Test func `An old worker that dies leaves its place to the newcomer`() throws {
        let (supervisor, old, new) = try Self.reloading()
        kill(old.pid, SIGKILL)
        try supervisor.line("worker ended while its successor starts", "worker=egress-ready")
        try supervisor.notice {
            $0.status?.contains("egress-ready: killed by SIGKILL, its successor is starting") == true
        }
        Self.openGate(of: supervisor)
        try supervisor.line("reloaded", "kept=1", "replaced=1")
        try supervisor.notice { $0.isReady && $0.status == "2 workers ready" }
        #expect(new.isAlive)
        #expect(supervisor.records().count { $0.worker == "ready" } == 2)
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
    }

    @Test func `Should the newcomer fail then, the old one comes back as it was`() throws {
        let (supervisor, old, new) = try Self.reloading()
        kill(old.pid, SIGKILL)
        try supervisor.line("worker ended while its successor starts", "worker=egress-ready")
        kill(new.pid, SIGKILL)
        try supervisor.line("reloaded", "failed=1", "kept=1")
        let again = try supervisor.record(of: "ready", besides: [old, new])
        #expect(again.environment["TOKEN_READY"] == "one")
        try supervisor.notice { $0.isReady && $0.status?.hasPrefix("2 workers ready; reload failed") == true }
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
    }
}
