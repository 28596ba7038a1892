package import Logging
import Settings

/// Writes each entry of the log as one line.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata
    package var metadataProvider: Logger.MetadataProvider?
    private let format: LogFormat
    private let coloured: Bool
    private let write: @Sendable ([UInt8]) -> Void
    private let time: @Sendable () -> String

    /// - Parameters:
    ///   - level: entries below it are left out.
    ///   - format: `auto` is the readable form.
    ///   - time: now, in RFC 3339 and UTC.
    ///   - write: takes a whole line, its end included.
    init(
        level: Logger.Level, format: LogFormat, coloured: Bool = false, metadata: Logger.Metadata = [:],
        time: @escaping @Sendable () -> String = Timestamp.now, write: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.logLevel = level
        self.format = format
        self.coloured = coloured
        self.metadata = metadata
        self.time = time
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var metadata = self.metadata
        if let provided = self.metadataProvider?.get() { metadata.merge(provided) { $1 } }
        if let own = event.metadata { metadata.merge(own) { $1 } }
        if let error = event.error { metadata["error"] = "\(error)" }
        let line = LogLine(
            time: self.time(), level: event.level, message: event.message.description,
            fields: metadata.map { (key: $0, value: $1.description) }.sorted { $0.key < $1.key })
        self.write(line.bytes(as: self.format, coloured: self.coloured))
    }
}
