/// An entry of the log as the journal takes it: one datagram of its native protocol
/// (systemd.io/JOURNAL_NATIVE_PROTOCOL).
///
/// `MESSAGE` is the readable line, its fields included, since most ways to read the journal show nothing else; each
/// field stands by itself too, so that it can be asked for: `WA_` and its name in capitals. Every text is escaped as in a
/// line, so that none has a line feed, which would end a field.
struct JournalEntry {
    /// Bytes; what does not fit is left out, and `WA_TRUNCATED=true` says so.
    static let limit = 16384
    private static let placeLimit = 256
    private static let longestName = 64
    /// What a field takes at most: name, `=`, value, the sign of a cut, the line's end.
    private static let reserve = longestName + 1 + LogLine.valueLimit + 16

    let entry: LogEntry
    /// The program's name.
    let identifier: String

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        bytes += "PRIORITY=\(self.entry.level.priority)\n".utf8
        Self.append("SYSLOG_IDENTIFIER", self.identifier, to: &bytes, limit: Self.placeLimit)
        Self.append("CODE_FILE", self.entry.file, to: &bytes, limit: Self.placeLimit)
        bytes += "CODE_LINE=\(self.entry.line)\n".utf8
        Self.append("CODE_FUNC", self.entry.function, to: &bytes, limit: Self.placeLimit)
        bytes += "MESSAGE=".utf8
        // Which process it is the identifier says.
        LogLine.appendText(of: self.entry, to: &bytes) { $0 != "process" }
        bytes.append(UInt8(ascii: "\n"))
        for (key, value) in self.entry.fields {
            guard bytes.count < Self.limit - 2 * Self.reserve else {
                bytes += "WA_TRUNCATED=true\n".utf8
                break
            }
            Self.append(Self.fieldName(key), value, to: &bytes, limit: LogLine.valueLimit)
        }
        return bytes
    }

    /// The field of a key: `WA_JOB_ID` for `job_id`; what is no letter, digit or `_` becomes `_`.
    static func fieldName(_ key: String) -> String {
        let name = "WA_\(key)".utf8.prefix(self.longestName).map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - (UInt8(ascii: "a") - UInt8(ascii: "A"))
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            default: UInt8(ascii: "_")
            }
        }
        return String(decoding: name, as: UTF8.self)
    }

    private static func append(_ name: String, _ value: String, to bytes: inout [UInt8], limit: Int) {
        bytes += "\(name)=".utf8
        LogText.append(value, to: &bytes, limit: limit, quoting: .never)
        bytes.append(UInt8(ascii: "\n"))
    }
}
