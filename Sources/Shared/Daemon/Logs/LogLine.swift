import Logging
import Settings

/// One entry of the log, as the bytes of one line.
///
/// A line is never longer than 4096 bytes, its end included: what a pipe takes at once, so that the lines of several
/// processes that share one are never mixed up.
struct LogLine {
    static let limit = 4096
    /// The longest value of a field, escaped, in bytes.
    static let valueLimit = 512
    private static let messageLimit = 2048
    /// What must be left for a key and a value: both at their limits, quotes, the sign of a cut, the line's end.
    private static let reserve = 64 + valueLimit + 32

    /// In RFC 3339 and UTC.
    var time: String
    var entry: LogEntry

    /// What stands before a line to the journal, by which it knows the priority (sd-daemon(3)), such as `<4>`.
    static func mark(of level: Logger.Level) -> String { "<\(level.priority)>" }

    /// Appends an entry's message and those of its fields whose keys are wanted, for the eye, without a line's end.
    ///
    /// - Parameter line: holds at most 1 KiB.
    static func appendText(
        of entry: LogEntry, to line: inout [UInt8], coloured: Bool = false, where isWanted: (String) -> Bool
    ) {
        LogText.append(entry.message, to: &line, limit: self.messageLimit, quoting: .never)
        self.writeFields(entry.fields.filter { isWanted($0.key) }, to: &line) { key, value, line in
            line += (coloured ? "  \u{1B}[2m\(key)=\u{1B}[0m" : "  \(key)=").utf8
            LogText.append(value, to: &line, limit: Self.valueLimit, quoting: .whereNeeded)
        }
    }

    /// - Parameter format: anything but `auto`, which is the terminal's.
    func bytes(as format: LogFormat, coloured: Bool = false) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        switch format {
        case .logfmt: self.writeLogfmt(to: &line)
        case .json: self.writeJSON(to: &line)
        case .auto: self.writeReadable(to: &line, coloured: coloured)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private func writeLogfmt(to line: inout [UInt8]) {
        line += "time=\(self.time) level=\(self.entry.level) msg=".utf8
        LogText.append(self.entry.message, to: &line, limit: Self.messageLimit, quoting: .always)
        Self.writeFields(self.entry.fields, to: &line) { key, value, line in
            line += " \(key)=".utf8
            LogText.append(value, to: &line, limit: Self.valueLimit, quoting: .whereNeeded)
        }
    }

    private func writeJSON(to line: inout [UInt8]) {
        line += #"{"time":"\#(self.time)","level":"\#(self.entry.level)","msg":"#.utf8
        LogText.append(self.entry.message, to: &line, limit: Self.messageLimit, quoting: .always)
        Self.writeFields(self.entry.fields, to: &line) { key, value, line in
            line += ",\"\(key)\":".utf8
            LogText.append(value, to: &line, limit: Self.valueLimit, quoting: .always)
        }
        line.append(UInt8(ascii: "}"))
    }

    private func writeReadable(to line: inout [UInt8], coloured: Bool) {
        let name = "\(self.entry.level)"
        let level = String(repeating: " ", count: 8 - name.count) + name
        line += "\(self.time.dropFirst(11).prefix(12)) ".utf8
        line += (coloured ? "\u{1B}[\(self.entry.level.colour)m\(level)\u{1B}[0m  " : "\(level)  ").utf8
        Self.appendText(of: self.entry, to: &line, coloured: coloured) { _ in true }
    }

    private static func writeFields(
        _ fields: [(key: String, value: String)], to line: inout [UInt8],
        _ write: (_ key: String, _ value: String, _ line: inout [UInt8]) -> Void
    ) {
        for (key, value) in fields {
            guard line.count + Self.reserve < Self.limit - Self.reserve else {
                write("truncated", "true", &line)
                return
            }
            write(Self.fieldName(key), value, &line)
        }
    }

    /// A key as it may stand in a line: other characters than letters, digits, `_`, `-` and `.` become `_`.
    private static func fieldName(_ key: String) -> String {
        let name = key.utf8.prefix(64).map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                byte
            default: UInt8(ascii: "_")
            }
        }
        return String(decoding: name, as: UTF8.self)
    }
}

extension Logger.Level {
    /// The SGR code of a level on a terminal.
    fileprivate var colour: String {
        switch self {
        case .trace, .debug: "2"
        case .info: "32"
        case .notice: "36"
        case .warning: "33"
        case .error: "31"
        case .critical: "1;31"
        }
    }
}
