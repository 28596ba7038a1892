import Foundation
import Glibc
import Testing

@testable import Supervisor

/// The supervisor as a process, with real children.
@Suite(.serialized) struct SupervisorProcessTests {
    @Test func `It starts a worker for each account and is ready when all are`() throws {
        let supervisor = try SupervisorUnderTest(["ready", "steady"])
        let notice = try supervisor.notice { $0.isReady }
        #expect(notice.status == "2 workers ready")
        #expect(Set(supervisor.records().map(\.worker)) == ["ready", "steady"])
        supervisor.signal(SIGTERM)
        try supervisor.notice { $0.isStopping }
        #expect(try supervisor.exitStatus() == 0)
        try supervisor.logToItsEnd()
    }

    @Test func `With ingress among the components it starts that too, and replicas as told`() throws {
        let supervisor = try SupervisorUnderTest(
            ["steady"],
            ["SUPERVISOR_COMPONENTS": "ingress,egress", "APP_SECRET": "app-secret", "EGRESS_REPLICAS": "2"])
        let notice = try supervisor.notice { $0.isReady }
        #expect(notice.status == "3 workers ready")
        #expect(supervisor.records().map(\.worker).sorted() == ["ingress", "steady", "steady"])
        supervisor.signal(SIGINT)
        #expect(try supervisor.exitStatus() == 0)
    }

    @Test func `A killed worker is started again at once, and the log says why`() throws {
        let supervisor = try SupervisorUnderTest(["ready", "steady"])
        try supervisor.notice { $0.isReady }
        let first = try supervisor.record(of: "steady")
        kill(first.pid, SIGKILL)
        let line = try supervisor.line("worker ended, starts again", "worker=egress-steady")
        #expect(line.contains("end=\"killed by SIGKILL\"") && line.contains("pid=\(first.pid)"))
        #expect(line.contains("again_in=\"0.00 s\""))
        let second = try supervisor.record(of: "steady", besides: [first])
        #expect(second["parent"] == ["\(supervisor.pid)"])
        try supervisor.line("worker ready", "worker=egress-steady")
        #expect(supervisor.records().filter { $0.worker == "ready" }.count == 1)
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
    }

    @Test func `A worker with exit status 78 stays down, the others serve`() throws {
        let supervisor = try SupervisorUnderTest(["refused", "steady"])
        let notice = try supervisor.notice { $0.isReady }
        #expect(
            notice.status == "1 of 2 workers ready; egress-refused: exit status 78 (bad configuration), stays down")
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
        #expect(try supervisor.logToItsEnd().filter { $0.contains("worker started") }.count == 2)
    }

    @Test func `Workers that all exit with 78 at the start end the supervisor with 78`() throws {
        let supervisor = try SupervisorUnderTest(["refused", "refusing"])
        #expect(try supervisor.exitStatus() == 78)
        try supervisor.line("level=critical")
    }

    @Test func `A worker that fails at once is started again later and later, and counts as failing`() throws {
        let supervisor = try SupervisorUnderTest(["crashing"])
        for _ in 0..<3 { try supervisor.line("worker ended, starts again", "exit status 70 (internal error)") }
        try supervisor.line("the worker is failing")
        try supervisor.notice { $0.status?.contains("egress-crashing: failing") ?? false }
        let line = try supervisor.line("worker ended, starts again")
        let delay = try #require(line.split(separator: "again_in=\"").last.flatMap { Double($0.prefix { $0 != " " }) })
        #expect((24...30).contains(delay))
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
    }

    @Test func `An executable that is not there is told and tried again`() throws {
        let supervisor = try SupervisorUnderTest(["steady"], without: ["whatsapp-egress"])
        try supervisor.line("worker ended", "whatsapp-egress: No such file or directory", "worker=egress-steady")
        try supervisor.line("worker ended", "whatsapp-egress: No such file or directory", "worker=egress-steady")
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
    }

    @Test func `A worker that waits shows in the status, with its reason`() throws {
        let supervisor = try SupervisorUnderTest(["late", "steady"])
        try supervisor.notice {
            $0.status == "1 of 2 workers ready; egress-late: waiting for NATS at nowhere:4222" && !$0.isReady
        }
        // After the start grace one is enough.
        try supervisor.notice { $0.isReady }
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
    }

    @Test func `A drain waits for what workers have to finish, and being told twice changes nothing`() throws {
        let supervisor = try SupervisorUnderTest(["finishing", "steady"])
        let path = "\(supervisor.directory)/finish"
        #expect(mkfifo(path, 0o600) == 0)
        try supervisor.notice { $0.isReady }
        let finishing = try supervisor.record(of: "finishing")
        supervisor.signal(SIGTERM)
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
        #expect(!supervisor.records().contains { $0.isAlive })
    }

    @Test func `A supervisor that is killed while it starts leaves no orphan either`() throws {
        let supervisor = try SupervisorUnderTest(["ready", "steady"], ["EGRESS_REPLICAS": "8"])
        try supervisor.line("worker started")
        supervisor.signal(SIGKILL)
        try supervisor.logToItsEnd()
        #expect(!supervisor.records().contains { $0.isAlive })
    }

    @Test func `Notices from others than its workers are dropped`() throws {
        let supervisor = try SupervisorUnderTest(["late"])
        let path = try #require(try supervisor.record(of: "late").environment["NOTIFY_SOCKET"])
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let mode = try FileManager.default.attributesOfItem(atPath: directory)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        try supervisor.line("worker not ready yet", "worker=egress-late")
        #expect(Datagram.send("READY=1\nSTATUS=forged", to: path))
        try supervisor.line("a notice of no worker is dropped", "dropped=1")
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
        #expect(!FileManager.default.fileExists(atPath: directory))
        #expect(try !supervisor.logToItsEnd().contains { $0.contains("forged") || $0.contains("worker ready") })
    }

    @Test func `SIGHUP does not end it`() throws {
        let supervisor = try SupervisorUnderTest(["steady"])
        try supervisor.notice { $0.isReady }
        supervisor.signal(SIGHUP)
        try supervisor.line("SIGHUP")
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
    }
}
