/// How a log line is written: the values of `LOG_FORMAT`.
package enum LogFormat: String, Sendable, CaseIterable {
    /// Readable on a terminal, `logfmt` everywhere else.
    case auto
    /// `time=… level=… msg="…" key=value`.
    case logfmt
    /// One JSON object a line, its values strings.
    case json
}
