import Foundation
import Glibc
import TestSupport
import Testing

@testable import Supervisor

/// `whatsapp-supervisor status` against a real supervisor with scripted workers.
@Suite(.serialized) struct StatusProcessTests {
    /// Runs `status` in an environment of these variables alone.
    private static func status(
        _ arguments: [String] = [], _ environment: [String: String] = [:]
    ) async throws -> (exit: RunningProcess.Ending, lines: [String], problems: [String]) {
        let process = try await RunningProcess.start(
            BuildFolder.executable("whatsapp-supervisor"), arguments: ["status"] + arguments,
            environment: environment.merging(["PATH": "/usr/bin:/bin"]) { given, _ in given })
        let exit = try await process.waitForExit()
        try await process.standardOutput.waitForEnd()
        try await process.standardError.waitForEnd()
        return (exit, process.standardOutput.lines, process.standardError.lines)
    }

    private static func address() throws -> String { "127.0.0.1:\(try FreePort.find())" }

    @Test func `All ready is 0, some 1, none 3, and each worker has its line`() async throws {
        let address = try Self.address()
        let some = try SupervisorUnderTest(["ready", "late"], ["SUPERVISOR_ADMIN": address])
        try some.notice { $0.status?.contains("waiting for NATS") == true }
        let (exit, lines, problems) = try await Self.status(["--admin", address])
        #expect(exit == .exited(1) && problems == [])
        #expect(lines[0].hasPrefix("WORKER        ACCOUNTS  "))
        #expect(lines.contains { $0.contains(/^egress-late +late +[0-9]+  starting +[0-9]+s +0  - +-$/) })
        #expect(lines.contains { $0.contains(/^egress-ready +ready +[0-9]+  ready +[0-9]+s +0  - +-$/) })
        #expect(lines.contains("egress-late: waiting for NATS at nowhere:4222"))
        some.signal(SIGTERM)
        #expect(try some.exitStatus() == 0)

        for (account, status) in [("steady", Int32(0)), ("late", 3)] {
            let supervisor = try SupervisorUnderTest([account], ["SUPERVISOR_ADMIN": address])
            try supervisor.notice { account == "late" ? $0.status?.contains("waiting") == true : $0.isReady }
            #expect(try await Self.status([], ["SUPERVISOR_ADMIN": address]).exit == .exited(status))
            supervisor.signal(SIGTERM)
            #expect(try supervisor.exitStatus() == 0)
        }
    }

    @Test func `--json is one line, with every account`() async throws {
        let address = try Self.address()
        let supervisor = try SupervisorUnderTest(
            ["ready", "steady", "third"], ["SUPERVISOR_ADMIN": address, "EGRESS_WORKERS": "1"])
        try supervisor.notice { $0.isReady }
        let (exit, lines, _) = try await Self.status(["--admin", address, "--json"])
        #expect(exit == .exited(0) && lines.count == 1)
        let status = try #require(SupervisorStatus(json: Array((lines.first ?? "").utf8)))
        #expect(status.pid == Int(supervisor.pid) && status.isReady)
        #expect(status.workers.map(\.accounts) == [["ready", "steady", "third"]])
        #expect(status.workers.first?.pid == supervisor.records().first.map { Int($0.pid) })
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
    }

    @Test func `A restart and a last exit are told`() async throws {
        let address = try Self.address()
        let supervisor = try SupervisorUnderTest(["steady"], ["SUPERVISOR_ADMIN": address])
        try supervisor.notice { $0.isReady }
        kill(try supervisor.record(of: "steady").pid, SIGKILL)
        try supervisor.line("worker ended")
        try supervisor.line("worker ready")
        let worker = try await Self.status(["--admin", address]).lines.first { $0.hasPrefix("egress-steady") }
        #expect(worker?.contains(/\ ready +[0-9]+s +1  killed by SIGKILL +-$/) == true, "\(worker ?? "")")
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
    }

    @Test func `The supervisor leaves a note of its address for those who may not read the env files`() async throws {
        let runtime = try TemporaryFolder()
        let address = try Self.address()
        let supervisor = try SupervisorUnderTest(
            ["steady"], ["RUNTIME_DIRECTORY": runtime.path, "SUPERVISOR_ADMIN": address])
        try supervisor.notice { $0.isReady }
        #expect(AdminNote.read(at: "\(runtime.path)/admin") == address)
        supervisor.signal(SIGTERM)
        #expect(try supervisor.exitStatus() == 0)
        #expect(AdminNote.read(at: "\(runtime.path)/admin") == nil)
    }

    @Test func `No supervisor, a foreign answer and a silent one are 3, each in its words`() async throws {
        let nobody = try await Self.status(["--admin", try Self.address()])
        #expect(nobody.exit == .exited(3) && nobody.lines == [])
        #expect(nobody.problems.count == 1 && nobody.problems[0].contains("nobody listens"))
        let off = try await Self.status([], ["SUPERVISOR_ADMIN": "off"])
        #expect(off.exit == .exited(3) && off.problems.count == 1)
        for (answer, words) in [
            (FakeWorkers.answer("{\"service\":\"nginx\"}"), "says nothing of workers"),
            (FakeWorkers.answer("", status: 404), "HTTP status 404"), (Array("220 ftp\r\n\r\n".utf8), "speaks no HTTP"),
        ] {
            let fakes = try FakeWorkers([.answers(answer)])
            let foreign = try await Self.status(["--admin", "unix:\(fakes.sockets[0].path)"])
            #expect(foreign.exit == .exited(3) && foreign.problems.count == 1)
            #expect(foreign.problems.first?.contains(words) == true, "\(foreign.problems)")
            withExtendedLifetime(fakes) {}
        }
        let fakes = try FakeWorkers([.drips])
        let begin = ContinuousClock.now
        let silent = try await Self.status(["--admin", "unix:\(fakes.sockets[0].path)"])
        #expect(silent.exit == .exited(3) && silent.problems.first?.contains("no answer within 5 s") == true)
        #expect(ContinuousClock.now - begin < .seconds(8))
        withExtendedLifetime(fakes) {}
    }

    @Test func `An address that is none is bad usage on the command line, and a wrong setting elsewhere`() async throws
    {
        #expect(try await Self.status(["--admin", "nonsense"]).exit == .exited(64))
        #expect(try await Self.status([], ["SUPERVISOR_ADMIN": "nonsense"]).exit == .exited(78))
    }

    @Test func `An endpoint whose address is another's is an error in the log, and no reason to stop`() throws {
        try Sockets.withBusyPort { port in
            let supervisor = try SupervisorUnderTest(["steady"], ["SUPERVISOR_ADMIN": "127.0.0.1:\(port)"])
            try supervisor.line("level=error", "no admin endpoint", "in use by another process")
            try supervisor.notice { $0.isReady }
            supervisor.signal(SIGTERM)
            #expect(try supervisor.exitStatus() == 0)
        }
    }

    @Test func `With an endpoint the threads take no signal, and workers die with the supervisor as without`() throws {
        let supervisor = try SupervisorUnderTest(["steady"], ["SUPERVISOR_ADMIN": try Self.address()])
        try supervisor.notice { $0.isReady }
        let tasks = "/proc/\(supervisor.pid)/task"
        let threads = try FileManager.default.contentsOfDirectory(atPath: tasks)
        #expect(threads.count > 2)
        let stops = [SIGTERM, SIGINT, SIGHUP, SIGCHLD].reduce(UInt64(0)) { $0 | 1 << UInt64($1 - 1) }
        for thread in threads {
            let status = try String(contentsOfFile: "\(tasks)/\(thread)/status", encoding: .utf8)
            let mask =
                status.split(separator: "\n").first { $0.hasPrefix("SigBlk:") }?.split(separator: "\t").last ?? ""
            #expect(UInt64(mask, radix: 16).map { $0 & stops } == stops, "\(status.split(separator: "\n")[0])")
        }
        let worker = try supervisor.record(of: "steady")
        supervisor.signal(SIGKILL)
        try supervisor.wait("the worker's end") { worker.isAlive ? nil : true }
    }
}
