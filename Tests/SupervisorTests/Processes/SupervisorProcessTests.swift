import Foundation
import Glibc
import TestSupport
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
            [
                "SUPERVISOR_COMPONENTS": "ingress,egress", "APP_SECRET": "app-secret", "EGRESS_REPLICAS": "2",
                "PORT": "\(try FreePort.find())",
            ])
        let notice = try supervisor.notice { $0.isReady }
        #expect(notice.status == "3 workers ready")
        #expect(supervisor.records().map(\.worker).sorted() == ["ingress", "steady", "steady"])
        supervisor.signal(SIGINT)
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

    @Test func `Notices from others than its workers are dropped`() throws {
        let supervisor = try SupervisorUnderTest(["late"])
        let path = try #require(try supervisor.record(of: "late").environment["NOTIFY_SOCKET"])
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let mode = try FileManager.default.attributesOfItem(atPath: directory)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        try supervisor.line("worker not ready yet", "worker=egress-late")
        #expect(Sockets.send("READY=1\nSTATUS=forged", to: path))
        try supervisor.line("a notice of no worker is dropped", "dropped=1")
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
        #expect(!FileManager.default.fileExists(atPath: directory))
        #expect(try !supervisor.logToItsEnd().contains { $0.contains("forged") || $0.contains("worker ready") })
    }

    @Test func `A child that it has not started is reaped, as an init must`() throws {
        let supervisor = try SupervisorUnderTest(["steady"], after: "sh -c 'kill -STOP $$' & echo $! > orphan")
        try supervisor.notice { $0.isReady }
        let text = try String(contentsOfFile: "\(supervisor.directory)/orphan", encoding: .utf8)
        let orphan = try #require(pid_t(text.dropLast()))
        try supervisor.wait("the stop of the child") { kill(orphan, SIGCONT) == 0 ? nil : true }
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
    }
}
