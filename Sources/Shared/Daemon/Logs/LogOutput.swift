import Glibc
package import Logging
package import Settings

/// Where the log goes: into the journal with fields of its own where stderr is the journal, else to stderr, a line an
/// entry.
package enum LogOutput {
    /// Makes every `Logger` of this process write here; to be called once, before the first is made.
    ///
    /// - Parameter metadata: stands on every entry, such as the process's name, where several share one stream.
    package static func bootstrap(_ settings: LogSettings, metadata: Logger.Metadata = [:]) {
        // The names are swift-log's own.
        let level = Logger.Level(rawValue: settings.level.rawValue) ?? .info
        let fields = metadata.map { (key: $0, value: $1.description) }
        let surroundings = LogSurroundings.own
        let lines = self.lines(settings.format, surroundings, fields: fields)
        let write: @Sendable (LogEntry) -> Void
        if surroundings.isJournal, settings.format == .auto {
            let journal = JournalLog(JournalSocket(), program: surroundings.program, fields: fields, lines: lines)
            write = { journal.write($0) }
        } else {
            write = { lines.write($0) }
        }
        LoggingSystem.bootstrap { _ in EntryLogHandler(level: level, metadata: metadata, write: write) }
    }

    /// Writes a line to stderr that belongs to no log: what is wrong with the configuration, escaped like one.
    package static func printLine(_ text: String) {
        var line: [UInt8] = []
        if LogSurroundings.own.isJournal { line += LogLine.mark(of: .error).utf8 }
        LogText.append(text, to: &line, limit: LogLine.limit - 64, quoting: .never)
        line.append(UInt8(ascii: "\n"))
        _ = LineOutlet(descriptor: STDERR_FILENO).take(line, waits: true)
    }

    /// Lines on stderr; those to the journal begin with their priority, which it takes away again.
    private static func lines(
        _ format: LogFormat, _ surroundings: LogSurroundings, fields: [(key: String, value: String)]
    ) -> LogSink {
        let chosen: LogFormat = format == .auto && !surroundings.isTerminal ? .logfmt : format
        return LogSink(LineOutlet(descriptor: STDERR_FILENO), fields: fields) { entry in
            let line = LogLine(time: Timestamp.now(), entry: entry)
            let mark = surroundings.isJournal ? Array(LogLine.mark(of: entry.level).utf8) : []
            return mark + line.bytes(as: chosen, coloured: surroundings.isColoured)
        }
    }
}
