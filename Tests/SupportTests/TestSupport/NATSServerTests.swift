import TestSupport
import Testing

@Suite(.enabled(if: NATSServer.isAvailable, "\(NATSServer.absence)"))
struct NATSServerTests {
    /// Says hello as a client does, and returns the server's INFO and its answer to CONNECT and PING.
    private func greet(_ server: NATSServer, connect: String = #"{"verbose":false}"#) async throws -> (
        info: JSONTree, answer: String
    ) {
        let connection = try await RawConnection.connect(port: server.port)
        let info = try await connection.takeLine()
        try await connection.send("CONNECT \(connect)\r\nPING\r\n")
        let answer = try await connection.takeLine()
        await connection.close()
        return (try JSONTree(info.dropFirst("INFO ".count).utf8), answer)
    }

    @Test func `A server starts with JetStream, on a port of its own, and stops`() async throws {
        let server = try await NATSServer.start()
        let (info, answer) = try await self.greet(server)
        #expect(info["jetstream"] == .bool(true) && info["port"]?.int == server.port)
        #expect(answer == "PONG" && server.url == "nats://127.0.0.1:\(server.port)")
        try await server.stop()
        await #expect(throws: (any Error).self) { try await self.greet(server) }
    }

    @Test func `JetStream can be left out, and the largest message be set`() async throws {
        try await NATSServer.running(.with { ($0.jetStream, $0.maxPayload) = (false, 65_536) }) { server in
            let info = try await self.greet(server).info
            #expect(info["jetstream"] != .bool(true) && info["max_payload"]?.int == 65_536)
        }
    }

    @Test func `A login or a token is demanded`() async throws {
        try await NATSServer.running(.with { $0.login = ("bob", "pass") }) { server async throws in
            #expect(try await self.greet(server).answer.contains("Authorization Violation"))
            #expect(
                try await self.greet(server, connect: #"{"verbose":false,"user":"bob","pass":"pass"}"#).answer == "PONG"
            )
            #expect(server.url == "nats://bob:pass@127.0.0.1:\(server.port)")
        }
        try await NATSServer.running(.with { $0.token = "tok" }) { server async throws in
            #expect(try await self.greet(server).answer.contains("Authorization Violation"))
            #expect(try await self.greet(server, connect: #"{"verbose":false,"auth_token":"tok"}"#).answer == "PONG")
        }
    }

    @Test(arguments: [false, true])
    func `TLS is served with certificates of its own`(demandsClientCertificate: Bool) async throws {
        let certificates = try await TestCertificates.make()
        let options = NATSServerOptions.with {
            $0.certificates = certificates
            $0.demandsClientCertificate = demandsClientCertificate
        }
        try await NATSServer.running(options) { server in
            let connection = try await RawConnection.connect(port: server.port)
            let info = try JSONTree(try await connection.takeLine().dropFirst("INFO ".count).utf8)
            #expect(info["tls_required"] == .bool(true))
            #expect((info["tls_verify"] == .bool(true)) == demandsClientCertificate)
            #expect(server.url == "tls://localhost:\(server.port)")
        }
        let check = try await RunningProcess.start(
            "/usr/bin/openssl",
            arguments: ["verify", "-CAfile", certificates.authority, certificates.serverCertificate])
        #expect(try await check.waitForExit() == .exited(0))
    }

    @Test func `What is stored is there after a crash and a restart, at the same port`() async throws {
        try await NATSServer.running { server in
            let port = server.port
            let made = try await self.request(
                server, "$JS.API.STREAM.CREATE.S", #"{"name":"S","subjects":["s.>"],"storage":"file"}"#)
            #expect(try JSONTree(made.utf8)["error"] == nil)
            #expect(try JSONTree(try await self.request(server, "s.a", "x").utf8)["seq"]?.int == 1)
            try await server.kill()
            try await server.restart()
            #expect(server.port == port)
            let state = try JSONTree(try await self.request(server, "$JS.API.STREAM.INFO.S", "").utf8)["state"]
            #expect(state?["messages"]?.int == 1)
        }
    }

    @Test func `A paused server answers nothing until it is resumed`() async throws {
        try await NATSServer.running { server async throws in
            server.pause()
            await #expect(throws: Overdue.self) {
                let connection = try await RawConnection.connect(port: server.port)
                _ = try await connection.takeLine(within: .milliseconds(200))
            }
            server.resume()
            #expect(try await self.greet(server).answer == "PONG")
        }
    }

    @Test func `A wrong configuration is told in the server's words`() async throws {
        let error = await #expect(throws: OutputEnded.self) {
            try await NATSServer.start(.with { $0.furtherLines = ["max_payload: many"] })
        }
        #expect(error?.description.contains("nats-server") == true)
    }

    /// Asks once and returns the reply's payload.
    private func request(_ server: NATSServer, _ subject: String, _ payload: String) async throws -> String {
        let connection = try await RawConnection.connect(port: server.port)
        _ = try await connection.takeLine()
        try await connection.send(
            "CONNECT {\"verbose\":false}\r\nSUB inbox 1\r\nPUB \(subject) inbox \(payload.utf8.count)\r\n\(payload)\r\n"
        )
        let head = try await connection.takeLine()
        let length = try #require(head.split(separator: " ").last.flatMap { Int($0) }, "\(head)")
        return String(decoding: try await connection.take(length), as: UTF8.self)
    }
}
