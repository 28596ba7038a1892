import Foundation

/// Throw-away certificates: an authority, a server, a client; made with openssl.
package final class TestCertificates: Sendable {
    private let folder: TemporaryFolder

    /// Paths of PEM files.
    package var authority: String { "\(self.folder.path)/ca.pem" }
    package var serverCertificate: String { "\(self.folder.path)/server.pem" }
    package var serverKey: String { "\(self.folder.path)/server.key" }
    package var clientCertificate: String { "\(self.folder.path)/client.pem" }
    package var clientKey: String { "\(self.folder.path)/client.key" }

    /// Makes a new set, valid for two days.
    ///
    /// - Parameter host: the name of server and client; `localhost` is 127.0.0.1 too.
    /// - Throws: `OpenSSLFailure` with what openssl said; `SystemCallFailure` where there is none.
    package static func make(host: String = "localhost") async throws -> TestCertificates {
        let folder = try TemporaryFolder()
        let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        try await self.openSSL(
            ["req", "-x509", "-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.pem"] + newKey, in: folder)
        let names = host == "localhost" ? "DNS:localhost,IP:127.0.0.1" : "DNS:\(host)"
        for (name, subject) in [("server", host), ("client", "test client")] {
            try await self.openSSL(
                ["req", "-x509", "-CA", "ca.pem", "-CAkey", "ca.key", "-subj", "/CN=\(subject)"]
                    + ["-addext", "subjectAltName=\(names)"]
                    + ["-addext", "basicConstraints=critical,CA:FALSE"]
                    + ["-keyout", "\(name).key", "-out", "\(name).pem"] + newKey,
                in: folder)
        }
        return TestCertificates(folder: folder)
    }

    private init(folder: TemporaryFolder) {
        self.folder = folder
    }

    private static func openSSL(_ arguments: [String], in folder: TemporaryFolder) async throws {
        let process = try await RunningProcess.start(
            "/usr/bin/openssl", arguments: arguments, workingDirectory: folder.path, keeping: folder)
        guard try await process.waitForExit(within: .seconds(30)) == .exited(0) else {
            throw OpenSSLFailure(words: process.standardError.tail)
        }
    }
}

/// openssl refused to make a certificate.
package struct OpenSSLFailure: Error, CustomStringConvertible {
    let words: String

    package var description: String { "openssl: \(self.words)" }
}
