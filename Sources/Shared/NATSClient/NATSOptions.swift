package import Settings

/// How to reach NATS, and how this process wants to be served.
package struct NATSOptions: Sendable {
    /// URLs of the servers, `nats://` or `tls://`, with user and password or a token where they are needed.
    package var servers: [Secret]
    /// The servers' hosts and ports, for logs: no user, password or token.
    package var hosts: String
    /// Path of a `.creds` file (JWT and NKey).
    package var credentialsPath: String?
    /// PEM paths for TLS and mutual TLS.
    package var certificateAuthorityPath: String?
    package var certificatePath: String?
    package var keyPath: String?
    /// The name the server shows for this connection.
    package var clientName: String
    /// Whether each message is written at once (for replies), or within a millisecond together with its neighbours.
    package var writesAtOnce: Bool
    /// How many bytes may wait for a reconnect, in cnats; 1 lets every publish fail while NATS is away.
    package var reconnectBufferBytes: Int32

    package init(_ settings: NATSSettings, clientName: String, writesAtOnce: Bool, reconnectBufferBytes: Int32) {
        self.init(
            servers: settings.servers.map(\.url), hosts: settings.redactedHost, clientName: clientName,
            writesAtOnce: writesAtOnce, reconnectBufferBytes: reconnectBufferBytes)
        self.credentialsPath = settings.credentialsFile
        self.certificateAuthorityPath = settings.caFile
        self.certificatePath = settings.certificateFile
        self.keyPath = settings.keyFile
    }

    /// Options for servers alone, without files.
    package init(
        servers: [Secret], hosts: String, clientName: String, writesAtOnce: Bool, reconnectBufferBytes: Int32
    ) {
        self.servers = servers
        self.hosts = hosts
        self.clientName = clientName
        self.writesAtOnce = writesAtOnce
        self.reconnectBufferBytes = reconnectBufferBytes
    }
}
