/// Where a stream's messages are kept.
package enum StreamStorage: String, Hashable, Sendable, CaseIterable {
    case file
    /// Does not survive the server; whoever creates a stream so warns of it.
    case memory
}

/// What streams are made with, when they are not there yet.
///
/// - `STREAM_REPLICAS` (integer, default 1, range 1–5).
/// - `STREAM_STORAGE` (`file` or `memory`, default `file`).
/// - `STREAM_MAX_AGE` (duration, default `72h`, range 1s–3650d): of `WHATSAPP_IN`.
/// - `STREAM_MAX_BYTES` (bytes, with K, M, G or T if wished, no default: no limit).
/// - `STREAM_DEDUPE_WINDOW` (duration, default `1h`, from 100ms, no longer than `STREAM_MAX_AGE`).
package struct StreamSettings: Hashable, Sendable {
    package let replicas: Int
    package let storage: StreamStorage
    package let maxAge: Duration
    /// Nil for no limit.
    package let maxBytes: Int?
    package let dedupeWindow: Duration

    /// Reads the variables; what is wrong is noted in the reader.
    package init(from reader: inout SettingsReader) {
        self.replicas = reader.value(Variables.streamReplicas)
        self.storage = reader.value(Variables.streamStorage)
        self.maxAge = reader.value(Variables.streamMaxAge)
        self.maxBytes = reader.value(Variables.streamMaxBytes)
        self.dedupeWindow = reader.value(Variables.streamDedupeWindow)
        let (window, age) = (Variables.streamDedupeWindow, Variables.streamMaxAge)
        if self.dedupeWindow > self.maxAge, !reader.isWrong(age.name) {
            let shownAge = printable(reader.source[age.name] ?? age.defaultText, limit: 48)
            let shownWindow =
                reader.source[window.name].map { printable($0, limit: 48) } ?? "its default \(window.defaultText)"
            reader.problem(window.name, "expected no longer than \(age.name) (\(shownAge)), found \(shownWindow)")
        }
    }
}
