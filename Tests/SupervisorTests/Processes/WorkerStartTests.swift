import Glibc
import TestSupport
import Testing

@testable import Supervisor

/// What a worker is started with.
@Suite(.serialized) struct WorkerStartTests {
    private static let environment = [
        "SUPERVISOR_COMPONENTS": "ingress,egress", "APP_SECRET": "app-secret", "WEBHOOK_VERIFY_TOKEN": "verify-token",
        "LOG_FORMAT": "logfmt", "UNHEARD_OF": "x", "LISTEN_PID": "1", "LISTEN_FDS": "1", "WATCHDOG_PID": "1",
        "WATCHDOG_USEC": "1",
    ]

    private static func records() throws -> (supervisor: pid_t, ingress: WorkerRecord, egress: WorkerRecord) {
        let supervisor = try SupervisorUnderTest(
            ["ready", "steady"], Self.environment.merging(["PORT": "\(FreePort.find())"]) { $1 })
        try supervisor.notice { $0.isReady }
        let records = (
            supervisor.pid, try supervisor.record(of: "ingress"), try supervisor.record(of: "steady")
        )
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
        return records
    }

    @Test func `It has its own account's token and no other's, and nothing that is not on the list`() throws {
        let (_, ingress, egress) = try Self.records()
        #expect(egress.environment["TOKEN_STEADY"] == "secret-of-steady")
        #expect(egress.environment["WA_STEADY"] == "1001")
        #expect(ingress.environment["APP_SECRET"] == "app-secret")
        #expect(ingress.environment["WA_STEADY"] == "1001")
        let others = ["secret-of-ready", "app-secret", "verify-token"]
        #expect(!egress.environment.values.contains { value in others.contains { value.contains($0) } })
        #expect(!ingress.environment.values.contains { $0.contains("secret-of") })
        for environment in [ingress.environment, egress.environment] {
            for name in ["UNHEARD_OF", "LISTEN_PID", "WATCHDOG_PID", "RUNTIME_DIRECTORY"] {
                #expect(environment[name] == nil)
            }
            #expect(environment["NOTIFY_SOCKET"]?.contains("/whatsapp-") == true)
            #expect(environment["WATCHDOG_USEC"] == "10000000")
            #expect(environment["SWIFT_BACKTRACE"] == "enable=no")
        }
    }

    @Test func `It has an admin socket of its own, in the directory of the notify socket`() throws {
        let (_, ingress, egress) = try Self.records()
        let notify = try #require(egress.environment["NOTIFY_SOCKET"])
        let directory = notify[..<(notify.lastIndex(of: "/") ?? notify.startIndex)]
        #expect(egress.environment["EGRESS_ADMIN"] == "unix:\(directory)/egress-steady.3.sock")
        #expect(ingress.environment["INGRESS_ADMIN"] == "unix:\(directory)/ingress.1.sock")
        #expect(egress.environment["INGRESS_ADMIN"] == nil && ingress.environment["EGRESS_ADMIN"] == nil)
    }

    @Test func `Its arguments name the supervisor and the account, and no secret`() throws {
        let (supervisor, ingress, egress) = try Self.records()
        #expect(
            egress["argument"].dropFirst() == ["run", "--supervised", "\(supervisor)", "--account", "steady"])
        #expect(ingress["argument"].dropFirst() == ["--supervised", "\(supervisor)"])
    }

    @Test func `It leads a process group, with an empty mask, default dispositions, and makes itself undumpable`()
        throws
    {
        let (supervisor, ingress, egress) = try Self.records()
        for worker in [ingress, egress] {
            #expect(worker["group"] == ["\(worker.pid)"])
            #expect(worker["parent"] == ["\(supervisor)"])
            #expect(worker["SigBlk"] == ["0000000000000000"])
            // But for the two that glibc keeps for itself.
            #expect(worker["SigIgn"] == ["0000000180000000"])
            #expect(worker["dumpable"] == ["0"])
        }
    }

    @Test func `It has no descriptor but its log, and the ingress its listening socket`() throws {
        let (_, ingress, egress) = try Self.records()
        #expect(egress["descriptors"] == ["0,1,2"])
        #expect(egress.environment["LISTEN_FDS"] == nil)
        #expect(egress["listener"] == [])
        #expect(ingress["descriptors"] == ["0,1,2,3"])
        #expect(ingress["listener"] == ["3"])
    }
}
