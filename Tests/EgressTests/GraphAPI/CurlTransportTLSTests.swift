import Foundation
import Testing

@testable import Egress

/// TLS against `openssl s_server` with a certificate of its own making.
@Suite(.enabled(if: TLSServer.isPossible, "there is no openssl here"))
struct CurlTransportTLSTests {
    @Test func `A certificate nobody trusts is not written to, and the reason says so`() async throws {
        let server = try await TLSServer(host: "localhost")
        let outcome = try await CurlTransport.with(server.url) { await $0.send(.get) }
        let reason = try #require(outcome.notWrittenReason)
        #expect(reason.hasPrefix("localhost:\(server.port): "))
        #expect(reason.contains("certificate"))
    }

    @Test func `A certificate of a trusted authority is written to, and its TLS session used again`() async throws {
        let server = try await TLSServer(host: "localhost")
        try await CurlTransport.with(server.url, certificateAuthorities: server.certificate) { transport in
            // `s_server` answers with a page about the connection, and closes it.
            let pages = [await transport.send(.get), await transport.send(.get)].map { outcome in
                String(decoding: outcome.answer?.body ?? Array("\(outcome)".utf8), as: UTF8.self)
            }
            #expect(pages[0].contains("New, TLSv1.3"))
            #expect(pages[1].contains("Reused, TLSv1.3"))
        }
    }

    @Test func `A certificate of another host is not written to`() async throws {
        let server = try await TLSServer(host: "elsewhere.example")
        let outcome = try await CurlTransport.with(server.url, certificateAuthorities: server.certificate) {
            await $0.send(.get)
        }
        #expect(outcome.notWrittenReason?.contains("localhost") == true, "\(outcome)")
    }

    @Test func `A bundle that cannot be read is not written with`() async throws {
        let server = try await TLSServer(host: "localhost")
        let outcome = try await CurlTransport.with(server.url, certificateAuthorities: "/nowhere/ca.pem") {
            await $0.send(.get)
        }
        #expect(outcome.notWrittenReason != nil, "\(outcome)")
    }
}

/// `openssl s_server` with a self-signed certificate for one host, on a port of its own choosing.
private final class TLSServer {
    static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl") }

    let port: Int
    private let directory: URL
    private let process: Process

    init(host: String) async throws {
        self.directory = FileManager.default.temporaryDirectory.appending(path: "graph-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.directory, withIntermediateDirectories: true)
        let files = ["-keyout", self.directory.path + "/key.pem", "-out", self.directory.path + "/cert.pem"]
        let request = Self.openssl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
                + ["-subj", "/CN=\(host)", "-addext", "subjectAltName=DNS:\(host)"] + files)
        request.standardError = FileHandle.nullDevice
        try await Self.run(request)

        let output = Pipe()
        self.process = Self.openssl(
            ["s_server", "-accept", "localhost:0", "-www", "-cert", files[3], "-key", files[1]])
        self.process.standardOutput = output
        self.process.standardError = FileHandle.nullDevice
        try self.process.run()
        // Its first line is `ACCEPT 127.0.0.1:35701`.
        var line = ""
        while !line.hasSuffix("\n") {
            let byte = try #require(try output.fileHandleForReading.read(upToCount: 1), "s_server ended")
            line += String(decoding: byte, as: UTF8.self)
            if line == "\n" || line.hasSuffix("\n") && !line.hasPrefix("ACCEPT") { line = "" }
        }
        self.port = try #require(line.split(separator: ":").last.flatMap { Int($0.dropLast()) })
    }

    deinit {
        self.process.terminate()
        try? FileManager.default.removeItem(at: self.directory)
    }

    var url: String { "https://localhost:\(self.port)" }
    var certificate: String { self.directory.path + "/cert.pem" }

    /// Runs a process to its end; `waitUntilExit` would block a task's thread.
    private static func run(_ process: Process) async throws {
        try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { _ in continuation.resume() }
            do {
                try process.run()
            } catch {
                continuation.resume(throwing: error)
            }
        } as Void
    }

    private static func openssl(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        return process
    }
}
