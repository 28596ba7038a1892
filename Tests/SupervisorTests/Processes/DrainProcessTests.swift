import Foundation
import Glibc
import Testing

@testable import Supervisor

/// How it all ends, told or not.
@Suite(.serialized) struct DrainProcessTests {
    @Test func `A drain waits for what workers have to finish, and being told twice changes nothing`() throws {
        let supervisor = try SupervisorUnderTest(["finishing", "steady"])
        let path = "\(supervisor.directory)/finish"
        #expect(mkfifo(path, 0o600) == 0)
        try supervisor.notice { $0.isReady }
        let finishing = try supervisor.record(of: "finishing")
        supervisor.signal(SIGTERM)
        try supervisor.notice(beginning: "STOPPING=1\nSTATUS=draining 2 workers: egress-finishing, egress-steady")
        try supervisor.notice(beginning: "EXTEND_TIMEOUT_USEC=30000000")
        try supervisor.notice { $0.status == "draining 1 worker: egress-finishing" }
        supervisor.signal(SIGTERM)
        supervisor.signal(SIGINT)
        kill(finishing.pid, SIGTERM)
        #expect(finishing.isAlive)
        // Opens only once the worker is at its reading end, which it is when it drains.
        let pipe = open(path, O_WRONLY)
        defer { close(pipe) }
        #expect(try supervisor.exitStatus() == 0)
        #expect(try supervisor.logToItsEnd().contains { $0.contains("worker stopped") && $0.contains("exit status 0") })
    }

    @Test func `A worker that does not drain in time is killed, and the supervisor says so`() throws {
        let supervisor = try SupervisorUnderTest(["hung", "steady"], ["SUPERVISOR_DRAIN_MS": "300"])
        try supervisor.notice { $0.isReady }
        supervisor.signal(SIGTERM)
        try supervisor.line("did not drain in time and is killed", "worker=egress-hung")
        try supervisor.line("worker stopped", "killed by SIGKILL", "worker=egress-hung")
        #expect(try supervisor.exitStatus() == 70)
        try supervisor.logToItsEnd()
    }

    @Test func `A supervisor that is killed leaves no orphan, not even of workers that hang`() throws {
        let supervisor = try SupervisorUnderTest(
            ["hung", "late", "ready", "steady"], ["SUPERVISOR_DRAIN_MS": "300"])
        try supervisor.line("worker ready", "worker=egress-hung")
        let hung = try supervisor.record(of: "hung")
        supervisor.signal(SIGKILL)
        #expect(try supervisor.exitStatus() == -SIGKILL)
        #expect(hung.isAlive)
        try supervisor.logToItsEnd()
        try supervisor.wait("the end of every worker") { supervisor.records().contains { $0.isAlive } ? nil : true }
    }

    @Test func `A supervisor that is killed while it starts leaves no orphan either`() throws {
        let supervisor = try SupervisorUnderTest(["ready", "steady"], ["EGRESS_REPLICAS": "8"])
        try supervisor.line("worker started")
        supervisor.signal(SIGKILL)
        try supervisor.logToItsEnd()
        try supervisor.wait("the end of every worker") { supervisor.records().contains { $0.isAlive } ? nil : true }
    }
}
