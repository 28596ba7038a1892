import Foundation
import Glibc
import Testing

@testable import Supervisor

/// What SIGHUP changes, and what it leaves alone.
@Suite(.serialized) struct ReloadProcessTests {
    /// A configuration of accounts with these tokens.
    private static func file(_ tokens: [(account: String, token: String)], _ more: String = "") -> String {
        tokens.enumerated().map { "WA_\($1.account.uppercased())=\($0 + 1):\($1.token)\n" }.joined() + more
    }

    private static func running(_ file: String) throws -> SupervisorUnderTest {
        let supervisor = try SupervisorUnderTest([], file: file)
        try supervisor.notice { $0.isReady }
        return supervisor
    }

    private static func stop(_ supervisor: SupervisorUnderTest) throws -> [String] {
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
        return try supervisor.logToItsEnd()
    }

    private static func summary(
        kept: Int = 0, replaced: Int = 0, added: Int = 0, removed: Int = 0, failed: Int = 0
    ) -> String {
        "added=\(added) failed=\(failed) kept=\(kept) process=supervisor removed=\(removed) replaced=\(replaced)"
    }

    @Test func `Where nothing has changed every worker keeps its process, and systemd hears of the reload`() throws {
        let file = Self.file([("steady", "one"), ("ready", "two")])
        let supervisor = try Self.running(file)
        for _ in 0..<3 {
            try supervisor.reload(file)
            let notice = try supervisor.notice(beginning: "RELOADING=1\n")
            #expect(notice.contains(/\nMONOTONIC_USEC=[0-9]+\n/))
            try supervisor.notice(beginning: "READY=1\nSTATUS=2 workers ready")
            try supervisor.line("reloaded", Self.summary(kept: 2))
        }
        #expect(try Self.stop(supervisor).count { $0.contains("worker started") } == 2)
    }

    @Test func `A changed token replaces its worker alone, and the newcomer is ready before the old one drains`() throws
    {
        let supervisor = try Self.running(Self.file([("steady", "one"), ("ready", "two")]))
        let old = try supervisor.record(of: "ready")
        try supervisor.reload(Self.file([("steady", "one"), ("ready", "renewed-secret")]))
        try supervisor.line("reloaded", Self.summary(kept: 1, replaced: 1))
        let new = try supervisor.record(of: "ready", besides: [old])
        #expect(new.environment["TOKEN_READY"] == "renewed-secret")
        #expect(new["argument"].suffix(4) == ["--account", "ready", "--prove-token", "ready"])
        #expect(new.environment["EGRESS_ADMIN"] != old.environment["EGRESS_ADMIN"])
        // Only its first process has something to prove.
        kill(new.pid, SIGKILL)
        let again = try supervisor.record(of: "ready", besides: [old, new])
        #expect(again["argument"].suffix(2) == ["--account", "ready"])
        #expect(again.environment["EGRESS_ADMIN"] == new.environment["EGRESS_ADMIN"])
        try supervisor.line("worker ready", "worker=egress-ready")

        let log = try Self.stop(supervisor)
        let story = log.filter { $0.contains("worker=egress-ready") }
            .filter { $0.contains("worker ready") || $0.contains("worker stopped") }
        #expect(story.count == 5)
        #expect(story[1].contains("worker ready") && story[2].contains("worker stopped"))
        #expect(story[2].contains("pid=\(old.pid)") && story[2].contains("exit status 0"))
        #expect(supervisor.records().count { $0.worker == "steady" } == 1)
        #expect(!(log + supervisor.told).contains { $0.contains("secret") })
    }

    @Test func `A wrong configuration is refused whole, and every problem is named`() throws {
        let supervisor = try Self.running(Self.file([("steady", "one"), ("ready", "two")]))
        try supervisor.reload(
            Self.file([("steady", "renewed"), ("late", "three")], "SUPERVISOR_DRAIN_MS=soon\nWA_TWIN=1:secret\n"))
        try supervisor.notice(beginning: "RELOADING=1\n")
        let notice = try supervisor.notice(beginning: "READY=1\n")
        #expect(notice.hasPrefix("READY=1\nSTATUS=2 workers ready; reload refused: "))
        #expect(notice.hasSuffix(", and 1 more in the log"))
        try supervisor.line("level=error", "reload refused: ", "WA_TWIN: has the phone number ID 1, as WA_STEADY has")
        try supervisor.line("level=error", "reload refused: ", "SUPERVISOR_DRAIN_MS: expected ")
        // The next one that is right ends the complaint.
        try supervisor.reload(Self.file([("steady", "one"), ("ready", "two")]))
        try supervisor.notice(beginning: "RELOADING=1\n")
        #expect(try supervisor.notice(beginning: "READY=1\n") == "READY=1\nSTATUS=2 workers ready")
        let log = try Self.stop(supervisor)
        #expect(log.count { $0.contains("worker started") } == 2)
        #expect(!(log + supervisor.told).contains { $0.contains("secret") })
    }

    @Test func `Accounts come and go, the others are not touched`() throws {
        let supervisor = try Self.running(Self.file([("steady", "one"), ("ready", "two")]))
        let steady = try supervisor.record(of: "steady")
        try supervisor.reload(Self.file([("steady", "one"), ("other", "three")]))
        try supervisor.line("reloaded", Self.summary(kept: 1, added: 1, removed: 1))
        try supervisor.line("worker ready", "worker=egress-other")
        #expect(try supervisor.record(of: "other")["argument"].last == "other")
        try supervisor.wait("the end of the one taken away") {
            supervisor.records().contains { $0.worker == "ready" && $0.isAlive } ? nil : true
        }
        #expect(steady.isAlive)
        let log = try Self.stop(supervisor)
        #expect(log.count { $0.contains("worker started") } == 3)
    }

    @Test func `A newcomer that fails its proof leaves the old one in its place, and another try may do`() throws {
        let supervisor = try Self.running(Self.file([("steady", "one"), ("ready", "two")]))
        let old = try supervisor.record(of: "ready")
        try supervisor.reload(Self.file([("steady", "one"), ("ready", "role-unproven")]))
        try supervisor.line("worker ended before it could take over", "exit status 78", "worker=egress-ready")
        try supervisor.line("not replaced, the old configuration stays", "ended before it was ready", "egress-ready")
        try supervisor.line("reloaded", Self.summary(kept: 1, failed: 1))
        try supervisor.notice {
            $0.isReady && $0.status == "2 workers ready; reload failed, the old configuration stays: egress-ready"
        }
        #expect(old.isAlive)
        // The old one is a worker as any, with what it had.
        kill(old.pid, SIGKILL)
        try supervisor.line("worker ready", "worker=egress-ready")
        let again = try #require(supervisor.records().first { $0.worker == "ready" && $0.isAlive })
        #expect(again.environment["TOKEN_READY"] == "two")
        try supervisor.reload(Self.file([("steady", "one"), ("ready", "three")]))
        try supervisor.line("reloaded", Self.summary(kept: 1, replaced: 1))
        try supervisor.notice { $0.isReady && $0.status == "2 workers ready" }
        _ = try Self.stop(supervisor)
    }

    @Test func `One that is not ready in 10 s is stopped, and the old one stays`() throws {
        let supervisor = try Self.running(Self.file([("ready", "one")]))
        let old = try supervisor.record(of: "ready")
        let begun = ContinuousClock.now
        try supervisor.reload(Self.file([("ready", "role-late")]))
        try supervisor.line("not replaced", "not ready in 10.0 seconds: waiting for NATS at nowhere:4222")
        #expect(.now - begun > .seconds(9.9))
        try supervisor.line("reloaded", Self.summary(failed: 1))
        try supervisor.line("worker stopped", "exit status 0", "worker=egress-ready")
        #expect(old.isAlive)
        #expect(supervisor.told.count { $0.hasPrefix("EXTEND_TIMEOUT_USEC=") } >= 1)
        _ = try Self.stop(supervisor)
    }

    @Test func `An executable that is another on disk replaces its workers`() throws {
        let supervisor = try Self.running(Self.file([("steady", "one")]))
        let old = try supervisor.record(of: "steady")
        let path = "\(supervisor.directory)/whatsapp-egress"
        try FileManager.default.copyItem(atPath: path, toPath: "\(path).new")
        #expect(rename("\(path).new", path) == 0)
        supervisor.signal(SIGHUP)
        try supervisor.line("reloaded", Self.summary(replaced: 1))
        let new = try supervisor.record(of: "steady", besides: [old])
        #expect(!new["argument"].contains("--prove-token"))
        supervisor.signal(SIGHUP)
        try supervisor.line("reloaded", Self.summary(kept: 1))
        _ = try Self.stop(supervisor)
    }

    @Test func `One that is missing leaves the old worker at work, at once`() throws {
        let supervisor = try Self.running(Self.file([("steady", "one")]))
        let old = try supervisor.record(of: "steady")
        #expect(unlink("\(supervisor.directory)/whatsapp-egress") == 0)
        let asked = ContinuousClock.now
        supervisor.signal(SIGHUP)
        try supervisor.line("worker ended before it could take over", "No such file or directory")
        try supervisor.line("reloaded", Self.summary(failed: 1))
        #expect(.now - asked < .seconds(5))
        #expect(old.isAlive)
        _ = try Self.stop(supervisor)
    }

    @Test func `What only a restart changes is named, and the rest is done`() throws {
        let supervisor = try Self.running(Self.file([("steady", "one")]))
        try supervisor.reload(
            Self.file(
                [("steady", "one"), ("ready", "two")],
                "PORT=8099\nHOST=127.0.0.1\nSUPERVISOR_COMPONENTS=ingress,egress\nAPP_SECRET=x\nEGRESS_ADMIN=off\n")
        )
        for variable in ["HOST", "PORT", "SUPERVISOR_COMPONENTS", "EGRESS_ADMIN"] {
            try supervisor.line("\(variable) has changed: only a restart brings that about")
        }
        try supervisor.line("reloaded", Self.summary(kept: 1, added: 1))
        #expect(!supervisor.records().contains { $0.worker == "ingress" })
        _ = try Self.stop(supervisor)
    }

    @Test func `The level of the supervisor's own log changes with it`() throws {
        let supervisor = try Self.running(Self.file([("steady", "one")]))
        try supervisor.reload(Self.file([("steady", "one")], "LOG_LEVEL=error\n"))
        try supervisor.notice(beginning: "RELOADING=1\n")
        try supervisor.notice(beginning: "READY=1\n")
        let log = try Self.stop(supervisor)
        #expect(!log.contains { $0.contains("reloaded") || $0.contains("level=notice msg=\"stopping") })
    }

    @Test func `A worker that is down is started anew, be its configuration changed or not`() throws {
        let supervisor = try Self.running(Self.file([("steady", "one"), ("refused", "two"), ("refusing", "three")]))
        for worker in ["refused", "refusing"] { _ = try supervisor.record(of: worker) }
        try supervisor.reload(Self.file([("steady", "one"), ("refused", "role-steady"), ("refusing", "three")]))
        try supervisor.line("reloaded", Self.summary(kept: 2, replaced: 1))
        try supervisor.notice {
            $0.status == "2 of 3 workers ready; egress-refusing: exit status 78 (bad configuration), stays down"
        }
        #expect(
            supervisor.records().map(\.worker).sorted() == ["refused", "refused", "refusing", "refusing", "steady"])
        _ = try Self.stop(supervisor)
    }

    @Test func `What replaces a worker that is down need not be ready first: there is nothing to lose`() throws {
        let supervisor = try Self.running(Self.file([("steady", "one"), ("refused", "two")]))
        try supervisor.line("stays down", "worker=egress-refused")
        try supervisor.reload(Self.file([("steady", "one"), ("refused", "role-late")]))
        try supervisor.line("reloaded", Self.summary(kept: 1, replaced: 1))
        try supervisor.notice {
            $0.status == "1 of 2 workers ready; egress-refused: waiting for NATS at nowhere:4222"
        }
        // It is a worker as any from then on.
        let late = try #require(supervisor.records().first { $0.worker == "refused" && $0.isAlive })
        kill(late.pid, SIGKILL)
        try supervisor.line("worker ended, starts again", "worker=egress-refused")
        _ = try Self.stop(supervisor)
    }
}
