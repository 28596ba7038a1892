package import Logging
package import NATSClient
import Settings
package import TestSupport

extension NATSOptions {
    /// How a test reaches its server: no files, no certificates.
    package init(_ server: NATSServer, reconnectBufferBytes: Int32 = 1) {
        self.init(
            servers: [Secret(server.url)], hosts: "127.0.0.1:\(server.port)", clientName: "test", writesAtOnce: true,
            reconnectBufferBytes: reconnectBufferBytes)
    }
}

extension Logger {
    /// Says nothing.
    package static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// Connects to a server for as long as the closure takes.
///
/// - Parameter reconnectBufferBytes: how much may be published while the server is away; 1: nothing.
package func withConnection<Result>(
    to server: NATSServer, reconnectBufferBytes: Int32 = 1, _ body: (NATSConnection) async throws -> Result
) async throws -> Result {
    let connection = NATSConnection(
        NATSOptions(server, reconnectBufferBytes: reconnectBufferBytes), logger: .quiet)
    do {
        try await connection.connected()
        let result = try await body(connection)
        await connection.close()
        return result
    } catch {
        await connection.close()
        throw error
    }
}
