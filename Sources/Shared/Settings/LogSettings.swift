/// How important a log line is, in the words of swift-log.
package enum LogLevel: String, Hashable, Sendable, CaseIterable {
    case trace, debug, info, notice, warning, error, critical
}

/// The form of log lines.
package enum LogFormat: String, Hashable, Sendable, CaseIterable {
    /// For people on a terminal, with fields to the journal, `logfmt` otherwise.
    case auto
    case logfmt
    case json
}

/// What a process logs, and in which form.
///
/// - `LOG_LEVEL` (trace, debug, info, notice, warning, error or critical, default `info`).
/// - `LOG_FORMAT` (`auto`, `logfmt` or `json`, default `auto`).
package struct LogSettings: Hashable, Sendable {
    package let level: LogLevel
    package let format: LogFormat

    package init(level: LogLevel, format: LogFormat) {
        self.level = level
        self.format = format
    }

    /// Reads the variables; what is wrong is noted in the reader.
    package init(from reader: inout SettingsReader) {
        self.level = reader.value(Variables.logLevel)
        self.format = reader.value(Variables.logFormat)
    }
}
