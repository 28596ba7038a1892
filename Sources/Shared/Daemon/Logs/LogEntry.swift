import Logging

/// One entry of the log, before it has a form.
struct LogEntry: Sendable {
    let level: Logger.Level
    let message: String
    /// Sorted by key, so that entries of a kind look alike.
    let fields: [(key: String, value: String)]
    /// Where in the program it was made, such as `Ingress/StreamGate.swift`.
    let file: String
    let line: UInt
    let function: String

    init(
        level: Logger.Level, message: String, fields: [(key: String, value: String)], file: String = #fileID,
        line: UInt = #line, function: String = #function
    ) {
        self.level = level
        self.message = message
        self.fields = fields.sorted { $0.key < $1.key }
        self.file = file
        self.line = line
        self.function = function
    }
}

extension Logger.Level {
    /// The priority of syslog and the journal: 7 for trace and debug, then 6 to 2 for critical.
    var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
