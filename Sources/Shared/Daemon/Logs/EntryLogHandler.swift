package import Logging

/// Gathers what is known of each event into an entry, and gives that to whoever writes.
package struct EntryLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata
    package var metadataProvider: Logger.MetadataProvider?
    private let write: @Sendable (LogEntry) -> Void

    /// - Parameter level: entries below it are left out.
    init(level: Logger.Level, metadata: Logger.Metadata = [:], write: @escaping @Sendable (LogEntry) -> Void) {
        self.logLevel = level
        self.metadata = metadata
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
        self.write(
            LogEntry(
                level: event.level, message: event.message.description,
                fields: metadata.map { (key: $0, value: $1.description) },
                file: event.file, line: event.line, function: event.function))
    }
}
