import Glibc
package import Logging
package import Settings

/// Where the log goes: to stderr, one `write` a line.
///
/// The journal's own fields, for a stderr that is the journal, have their place in ``handler(_:metadata:)``.
package enum LogOutput {
    /// Makes every `Logger` of this process write here; to be called once, before the first is made.
    ///
    /// - Parameter metadata: stands on every line, such as the process's name, where several share one stream.
    package static func bootstrap(_ settings: LogSettings, metadata: Logger.Metadata = [:]) {
        LoggingSystem.bootstrap { _ in self.handler(settings, metadata: metadata) }
    }

    /// A handler on stderr.
    static func handler(_ settings: LogSettings, metadata: Logger.Metadata) -> LineLogHandler {
        // The names are swift-log's own.
        let level = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        let isTerminal = isatty(STDERR_FILENO) == 1
        let chosen: LogFormat = settings.format == .auto && !isTerminal ? .logfmt : settings.format
        let coloured = isTerminal && getenv("NO_COLOR") == nil && Self.terminal != "dumb"
        return LineLogHandler(level: level, format: chosen, coloured: coloured, metadata: metadata) { line in
            Self.write(line, to: STDERR_FILENO)
        }
    }

    /// Writes a line to stderr that belongs to no log: what is wrong with the configuration, escaped like one.
    package static func printLine(_ text: String) {
        var line: [UInt8] = []
        LogText.append(text, to: &line, limit: LogLine.limit - 64, quoting: .never)
        line.append(UInt8(ascii: "\n"))
        self.write(line, to: STDERR_FILENO)
    }

    /// Writes all bytes, at once where the descriptor takes them; what cannot be written is lost.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                return
            }
        }
    }

    private static var terminal: String? { getenv("TERM").map { String(cString: $0) } }
}
