import Logging
import NATSClient
import Settings

extension NATSConnection {
    /// Connects as the settings of `.env` say; returns when the connection stands.
    static func ofSettings() async throws -> NATSConnection {
        var reader = SettingsReader(SettingsSource.load())
        let connection = NATSConnection(
            NATSOptions(
                NATSSettings(from: &reader), clientName: "load", writesAtOnce: false, reconnectBufferBytes: 1),
            logger: Logger(label: "load") { _ in SwiftLogNoOpLogHandler() })
        try await connection.connected()
        return connection
    }
}
