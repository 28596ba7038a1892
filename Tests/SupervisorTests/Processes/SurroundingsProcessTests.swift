import Foundation
import Glibc
import TestSupport
import Testing

@testable import Supervisor

/// The supervisor in a terminal, as the first process of a container, and among processes that mean no good.
@Suite(.serialized) struct SurroundingsProcessTests {
    /// Starts a supervisor as the first process of a namespace of its own; it dies with the test.
    private static func asInit(_ accounts: [String], _ environment: [String: String] = [:]) throws -> (
        supervisor: SupervisorUnderTest, pid: pid_t
    ) {
        let supervisor = try SupervisorUnderTest(
            accounts, environment, through: ["/usr/bin/unshare", "--pid", "--fork", "--mount-proc", "--kill-child"])
        try supervisor.notice { $0.isReady }
        let pid = try #require(ChildTable.children(of: supervisor.pid).first?.pid)
        return (supervisor, pid)
    }

    @Test func `Ctrl-C in a terminal reaches the supervisor alone, and the workers hear of it from there`() throws {
        var (keyboard, screen): (Int32, Int32) = (-1, -1)
        try #require(openpty(&keyboard, &screen, nil, nil, nil) == 0)
        defer { for end in [keyboard, screen] { close(end) } }
        let supervisor = try SupervisorUnderTest(
            ["finishing", "steady"], through: ["/usr/bin/setsid", "--ctty", "--wait"],
            reading: screen)
        #expect(mkfifo("\(supervisor.directory)/finish", 0o600) == 0)
        try supervisor.notice { $0.isReady }
        let worker = try supervisor.record(of: "finishing")
        #expect(write(keyboard, "\u{3}", 1) == 1)
        try supervisor.line("stopping", "signal=SIGINT", "process=supervisor")
        // Each Ctrl-C would reach whoever is in the foreground.
        #expect(write(keyboard, "\u{3}\u{3}", 2) == 2)
        try supervisor.notice { $0.status == "draining 1 worker: egress-finishing" }
        #expect(worker.isAlive)
        close(open("\(supervisor.directory)/finish", O_WRONLY))
        #expect(try supervisor.exitStatus() == 0)
        let log = try supervisor.logToItsEnd()
        // One that ends at once may not come to tell of it.
        #expect(log.contains { $0.contains("signal=SIGTERM") && $0.contains("worker") }, "\(log)")
        #expect(log.count { $0.contains("signal=SIGINT") } == 1, "\(log)")
    }

    @Test(.enabled(if: getuid() == 0, "a process ID namespace takes root"))
    func `As the first process of a container it reaps whatever is left to it`() throws {
        let (supervisor, pid) = try Self.asInit(["orphaning", "steady"])
        let orphan = try supervisor.wait("the orphan") {
            ChildTable.children(of: pid).first { $0.name == "sleep" }
        }
        try supervisor.wait("the end of the orphan, reaped") {
            ChildTable.children(of: pid).contains { $0.pid == orphan.pid } ? nil : true
        }
        // Its own children are restarted there as anywhere.
        let worker = try #require(ChildTable.children(of: pid).first)
        kill(worker.pid, SIGKILL)
        try supervisor.line("worker ended, starts again", "killed by SIGKILL")
        try supervisor.line("worker ready")
        kill(pid, SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
    }

    @Test(.enabled(if: getuid() == 0, "a process ID namespace takes root"))
    func `Its death as the first process of a container ends all at once`() throws {
        let (supervisor, pid) = try Self.asInit(["hung", "steady"])
        #expect(ChildTable.children(of: pid).count == 2)
        kill(pid, SIGKILL)
        let killed = ContinuousClock.now
        try supervisor.logToItsEnd()
        // Far from the drain time, which the one that hangs would take.
        #expect(.now - killed < .seconds(5))
    }

    @Test func `What a worker said last counts though it has ended meanwhile, and nothing of it is a stranger's`()
        throws
    {
        let supervisor = try SupervisorUnderTest(["farewell", "steady"], ["SUPERVISOR_WATCHDOG_MS": "0"])
        for _ in 0..<3 {
            try supervisor.line("worker ready", "status=farewell", "worker=egress-farewell")
            try supervisor.line("worker ended, starts again", "exit status 70", "worker=egress-farewell")
        }
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
        #expect(try !supervisor.logToItsEnd().contains { $0.contains("no worker") })
    }

    @Test func `What a process that has ended said, and what one says for another, is dropped and counted`() throws {
        let supervisor = try SupervisorUnderTest(["late"])
        let path = try #require(try supervisor.record(of: "late").environment["NOTIFY_SOCKET"])
        try supervisor.line("worker not ready yet", "worker=egress-late")
        // Each sender is gone before the supervisor, which is stopped, looks at what it sent.
        supervisor.signal(SIGSTOP)
        let elsewhere = try TemporaryFolder()
        let stranger = "\(elsewhere.path)/stranger"
        try SupervisorUnderTest.install(BuildFolder.executable("ScriptedWorker"), as: stranger)
        for _ in 0..<2 {
            let sender = try ChildProcess(
                [stranger, "--account", "farewell"], environment: ["PATH": "/usr/bin:/bin", "NOTIFY_SOCKET": path],
                in: elsewhere.path)
            #expect(try supervisor.wait("the end of the stranger") { sender.ending() } == 70)
        }
        supervisor.signal(SIGCONT)
        try supervisor.line("a notice of no worker is dropped", "dropped=2")
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
        #expect(try !supervisor.logToItsEnd().contains { $0.contains("farewell") || $0.contains("worker ready") })
    }
}
