import Foundation
import TestSupport
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
        try await CurlTransport.with(server.url, certificateAuthorities: server.authority) { transport in
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
        let outcome = try await CurlTransport.with(server.url, certificateAuthorities: server.authority) {
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

/// `openssl s_server` with a certificate for one host, on a port of its own choosing.
private struct TLSServer {
    private static let openssl = "/usr/bin/openssl"

    static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: Self.openssl) }

    let port: Int
    private let certificates: TestCertificates
    private let process: RunningProcess

    init(host: String) async throws {
        self.certificates = try await TestCertificates.make(host: host)
        self.process = try await RunningProcess.start(
            Self.openssl,
            arguments: ["s_server", "-accept", "localhost:0", "-www"]
                + ["-cert", self.certificates.serverCertificate, "-key", self.certificates.serverKey])
        let line = try await self.process.standardOutput.waitForLine { $0.hasPrefix("ACCEPT ") }
        // As in `ACCEPT 127.0.0.1:35701`.
        self.port = try #require(line.split(separator: ":").last.flatMap { Int($0) })
    }

    var url: String { "https://localhost:\(self.port)" }
    var authority: String { self.certificates.authority }
}
