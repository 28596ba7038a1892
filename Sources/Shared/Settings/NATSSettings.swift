/// How a process reaches NATS.
///
/// - `NATS_URL` (servers, default `nats://localhost:4222`): `nats://` or `tls://`, comma-separated, with user and
///   password or a token where needed.
/// - `NATS_CREDS` (path, no default): a .creds file.
/// - `NATS_CA`, `NATS_CERT`, `NATS_KEY` (paths, no default): PEM files for TLS; the last two come together.
package struct NATSSettings: Hashable, Sendable {
    /// In the order of `NATS_URL`; never empty.
    package let servers: [NATSServerURL]
    package let credentialsFile: String?
    package let caFile: String?
    package let certificateFile: String?
    package let keyFile: String?

    /// Reads the variables; what is wrong is noted in the reader, an unreadable file too.
    package init(from reader: inout SettingsReader) {
        self.servers = reader.value(Variables.natsURL)
        self.credentialsFile = reader.readableFile(Variables.natsCreds)
        self.caFile = reader.readableFile(Variables.natsCA)
        self.certificateFile = reader.readableFile(Variables.natsCert)
        self.keyFile = reader.readableFile(Variables.natsKey)
        let (certificate, key) = (Variables.natsCert.name, Variables.natsKey.name)
        if self.certificateFile != nil, self.keyFile == nil {
            reader.problem(key, "expected the path of the key that belongs to \(certificate)")
        } else if self.certificateFile == nil, self.keyFile != nil {
            reader.problem(certificate, "expected the path of the certificate that belongs to \(key)")
        }
    }

    /// The servers' hosts and ports without user, password and token, for logs and `STATUS=`.
    package var redactedHost: String { self.servers.map(\.address.description).joined(separator: ", ") }
}
