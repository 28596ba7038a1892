import NATSClient
import Settings

/// Dead letters as a table for a reader: columns aligned, nothing in it that could steer a terminal.
///
/// Rows are laid out in blocks, so that any number of them takes little memory; a column that a later block needs wider
/// grows there.
struct DeadLetterTable {
    private static let titles = ["SEQUENCE", "STORED", "ACTION", "JOB ID", "ATTEMPTS", "CODE", "REASON", "ERROR"]
    private static let numbers: Set<Int> = [0, 4, 5]
    /// The longest action and job ID that are shown whole; `--json` has them all.
    private static let limit = 48

    private var widths = [Int](repeating: 0, count: Self.titles.count)
    private var rows = [Self.titles]

    /// How many rows wait for their layout, the titles among the first.
    var count: Int { self.rows.count }

    mutating func add(_ letter: KeptDeadLetter) {
        self.rows.append(Self.row(letter))
    }

    /// Lays out what was added since the last block.
    mutating func takeLines() -> [String] {
        defer { self.rows = [] }
        for row in self.rows {
            for (column, text) in row.enumerated() {
                self.widths[column] = max(self.widths[column], text.utf8.count)
            }
        }
        return self.rows.map(self.line)
    }

    private func line(_ row: [String]) -> String {
        var line = ""
        for (column, text) in row.enumerated() {
            let isLast = column == row.count - 1
            let padding = String(repeating: " ", count: isLast ? 0 : self.widths[column] - text.utf8.count)
            line += (Self.numbers.contains(column) ? padding + text : text + padding) + (isLast ? "" : "  ")
        }
        return line
    }

    /// Printable ASCII alone, so that a byte is a column.
    private static func row(_ letter: KeptDeadLetter) -> [String] {
        [
            String(letter.sequence), Self.seconds(letter.storedAt), printable(letter.action, limit: Self.limit),
            letter.jobID.map { printable($0, limit: Self.limit) } ?? "-",
            letter.attempts.map(String.init) ?? "-", letter.code.map(String.init) ?? "-",
            letter.reason.map { printable($0, limit: Self.limit) } ?? "-", letter.error.map { printable($0) } ?? "-",
        ]
    }

    private static func seconds(_ time: StreamTime) -> String {
        StreamTime(nanoseconds: time.nanoseconds - time.nanoseconds % 1_000_000_000).rfc3339
    }
}
