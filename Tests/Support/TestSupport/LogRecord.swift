package import Logging
import Synchronization

/// Keeps what is logged, a line an entry: `warning webhooks refused ["count": 1]`.
package final class LogRecord: Sendable {
    private let kept = Mutex<[String]>([])
    private let level: Logger.Level

    /// - Parameter level: entries below it are left out.
    package init(from level: Logger.Level = .trace) {
        self.level = level
    }

    package var lines: [String] { self.kept.withLock { $0 } }

    package var logger: Logger {
        Logger(label: "test") { _ in Handler(record: self, logLevel: self.level) }
    }

    private struct Handler: LogHandler {
        let record: LogRecord
        var logLevel: Logger.Level
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            var line = "\(event.level) \(event.message)"
            if let metadata = event.metadata, !metadata.isEmpty { line += " \(metadata)" }
            self.record.kept.withLock { $0.append(line) }
        }
    }
}
