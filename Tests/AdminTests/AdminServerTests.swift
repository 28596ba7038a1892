import Daemon
import Foundation
import Logging
import Settings
import TestSupport
import Testing

@testable import Admin

@Suite struct AdminServerTests {
    private static let remedy = "; name another address, and restart"

    @Test(arguments: [true, false]) func `Health and readiness are served`(overTCP: Bool) async throws {
        try await AdminBench.running(overTCP: overTCP) { bench in
            let health = try await bench.answer("/health")
            #expect(health.status == 200 && health.text == "ok\n")
            #expect(health[header: "Connection"] == "close" && health[header: "Cache-Control"] == "no-store")
            #expect(try await bench.answer("/ready").status == 200)
            bench.found(.fails("NATS is away"))
            let ready = try await bench.answer("/ready")
            #expect(ready.status == 503 && ready[header: "Content-Type"] == "application/json")
            #expect(
                ready.text == #"{"ready":false,"checks":[{"name":"nats","ok":false,"reason":"NATS is away"}]}"# + "\n")
            #expect(try await bench.answer("/health").status == 200)
        }
    }

    @Test func `HEAD, other methods and other paths are answered`() async throws {
        try await AdminBench.running { bench in
            let head = try await bench.answer("/health", "HEAD")
            #expect(head.status == 200 && head.body.isEmpty && head[header: "Content-Length"] == "3")
            let post = try await bench.answer("/health", "POST")
            #expect(post.status == 405 && post[header: "Allow"] == "GET, HEAD")
            #expect(try await bench.answer("/").status == 404)
        }
    }

    @Test func `A Unix socket is for its user and group alone, and gone at the end`() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/admin.sock"
        let server = try #require(await Self.start(at: .unix(path: path)))
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & 0o7777 == 0o660)
        await server.close()
        #expect(lstat(path, &status) == -1 && errno == ENOENT)
    }

    @Test func `A Unix socket that nobody listens on any more is replaced`() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/admin.sock"
        // Bound and not listened on, as good as one that is left by a process that was killed.
        let stale = try SocketFile(path: path)
        defer { Glibc.close(stale.descriptor) }
        let server = try #require(await Self.start(at: .unix(path: path)))
        let connection = try await RawConnection.connect(unixSocket: path)
        try await connection.send(PlainHTTP.request("GET", "/health"))
        #expect(try await connection.reply().status == 200)
        // It does not take the newcomer's away.
        stale.remove()
        #expect(FileManager.default.fileExists(atPath: path))
        await server.close()
    }

    @Test func `What is no socket is left where it is`() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("precious", to: "admin.sock")
        let logs = LogRecord()
        #expect(await Self.start(at: .unix(path: path), logs) == nil)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
        #expect(
            logs.lines == [
                "error no admin endpoint: EGRESS_ADMIN=unix:\(path): something else than a socket lies there\(Self.remedy)"
            ])
    }

    @Test(arguments: [true, false])
    func `An address in use is an error in the log, and its owner keeps it`(overTCP: Bool) async throws {
        try await AdminBench.running(overTCP: overTCP) { bench in
            let logs = LogRecord()
            #expect(await Self.start(at: bench.address, logs) == nil)
            #expect(
                logs.lines == [
                    "error no admin endpoint: EGRESS_ADMIN=\(bench.address): in use by another process\(Self.remedy)"
                ])
            let health = try await bench.answer("/health")
            #expect(health.status == 200)
        }
    }

    @Test func `An address that cannot be had is an error in the log`() async throws {
        let logs = LogRecord()
        #expect(await Self.start(at: .unix(path: "/nowhere/admin.sock"), logs) == nil)
        #expect(
            logs.lines == [
                "error no admin endpoint: EGRESS_ADMIN=unix:/nowhere/admin.sock: No such file or directory\(Self.remedy)"
            ])
    }

    @Test func `An address that is off opens nothing and says nothing`() async throws {
        let logs = LogRecord()
        #expect(await Self.start(at: .off, logs) == nil)
        #expect(logs.lines.isEmpty)
    }

    @Test func `A TCP address can be had again at once`() async throws {
        let address = AdminBench.address("127.0.0.1:\(try FreePort.find())")
        for _ in 0..<2 {
            let server = try #require(await Self.start(at: address))
            let connection = try await RawConnection.connect(port: try #require(server.port))
            try await connection.send(PlainHTTP.request("GET", "/health"))
            #expect(try await connection.reply().status == 200)
            await server.close()
        }
    }

    private static func start(at address: AdminAddress, _ logs: LogRecord = LogRecord()) async -> AdminServer? {
        await AdminServer.start(
            at: address, setting: "EGRESS_ADMIN",
            showing: AdminPages(readiness: { ReadinessReport([], service: "serving") }), logger: logs.logger)
    }
}
