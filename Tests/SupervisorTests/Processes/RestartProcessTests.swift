import Foundation
import Glibc
import TestSupport
import Testing

@testable import Supervisor

/// What comes after the end of a worker.
@Suite(.serialized) struct RestartProcessTests {
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

    @Test func `While the ingress is away no connection is refused`() throws {
        let port = try FreePort.find()
        let supervisor = try SupervisorUnderTest(
            ["steady"],
            [
                "SUPERVISOR_COMPONENTS": "ingress,egress", "APP_SECRET": "app-secret", "HOST": "127.0.0.1",
                "PORT": "\(port)",
            ])
        try supervisor.notice { $0.isReady }
        #expect(Sockets.isConnectionTaken(port: port))
        var known: [WorkerRecord] = []
        for _ in 0..<3 {
            let ingress = try supervisor.record(of: "ingress", besides: known)
            known.append(ingress)
            kill(ingress.pid, SIGKILL)
            try supervisor.line("worker ended, starts again", "worker=ingress")
            #expect(Sockets.isConnectionTaken(port: port))
        }
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
        #expect(!Sockets.isConnectionTaken(port: port))
    }

    @Test func `An error that a worker throws ends it with its status and a line in the log, not with a crash`() throws
    {
        let supervisor = try SupervisorUnderTest(["throwing", "unavailable"])
        try supervisor.wait("the end of both") {
            supervisor.records().count { !$0.isAlive } >= 2 ? true : nil
        }
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
        let log = try supervisor.logToItsEnd()
        #expect(log.contains { $0.contains("internal error: CancellationError()") })
        #expect(log.contains { $0.contains("exit status 70 (internal error)") && $0.contains("egress-throwing") })
        #expect(log.contains { $0.contains("nobody answers") })
        #expect(log.contains { $0.contains("exit status 69 (unavailable)") && $0.contains("egress-unavailable") })
    }
}
