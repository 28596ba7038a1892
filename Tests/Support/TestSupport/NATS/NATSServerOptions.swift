/// How a test wants its nats-server.
package struct NATSServerOptions: Sendable {
    /// Whether it has JetStream.
    package var jetStream = true
    /// The user and password that clients must give.
    package var login: (user: String, password: String)?
    /// The token that clients must give.
    package var token: String?
    /// Serves TLS alone, with these certificates.
    package var certificates: TestCertificates?
    /// Whether clients must show a certificate, too.
    package var demandsClientCertificate = false
    /// The largest message, headers included, in bytes; the server's default is 1 MiB.
    package var maxPayload: Int?
    /// Further lines of the configuration file.
    package var furtherLines: [String] = []

    package init() {}

    /// The options with changes made to them.
    package static func with(_ change: (inout NATSServerOptions) -> Void) -> NATSServerOptions {
        var options = NATSServerOptions()
        change(&options)
        return options
    }

    /// The configuration file's text.
    func configuration(port: Int, storeFolder: String) -> String {
        var lines = ["host: 127.0.0.1", "port: \(port)", "logtime: false"]
        if self.jetStream {
            lines.append("jetstream { store_dir: \"\(storeFolder)\", max_memory_store: 256MB, max_file_store: 2GB }")
        }
        if let login {
            lines.append("authorization { user: \"\(login.user)\", password: \"\(login.password)\" }")
        }
        if let token { lines.append("authorization { token: \"\(token)\" }") }
        if let certificates {
            var parts = [
                "cert_file: \"\(certificates.serverCertificate)\"", "key_file: \"\(certificates.serverKey)\"",
            ]
            if self.demandsClientCertificate {
                parts += ["ca_file: \"\(certificates.authority)\"", "verify: true"]
            }
            lines.append("tls { \(parts.joined(separator: ", ")) }")
        }
        if let maxPayload { lines.append("max_payload: \(maxPayload)") }
        return (lines + self.furtherLines).joined(separator: "\n") + "\n"
    }
}
