import Logging
import Synchronization

/// Keeps what is logged at error level.
final class LogLines: Sendable {
    private let kept = Mutex<[String]>([])

    var errors: [String] { self.kept.withLock { $0 } }

    var logger: Logger {
        Logger(label: "test") { _ in Handler(lines: self) }
    }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.error

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            self.lines.kept.withLock { $0.append("\(event.message)") }
        }
    }
}
