import Logging
import Synchronization

/// Writes entries into the journal; what its socket does not take goes to stderr, which is the journal too, as a line.
final class JournalLog: Sendable {
    private let sink: LogSink
    private let lines: LogSink
    private let fields: [(key: String, value: String)]
    private let hasTold = Atomic<Bool>(false)

    /// - Parameters:
    ///   - program: the executable's name.
    ///   - fields: what stands on every entry.
    ///   - lines: takes what the socket does not.
    init(_ socket: JournalSocket, program: String, fields: [(key: String, value: String)], lines: LogSink) {
        self.sink = LogSink(socket, fields: fields) { JournalEntry(entry: $0, identifier: program).bytes }
        self.lines = lines
        self.fields = fields
    }

    func write(_ entry: LogEntry) {
        guard let error = self.sink.write(entry) else { return }
        if !self.hasTold.exchange(true, ordering: .relaxed) { self.tell(error) }
        self.lines.write(entry)
    }

    private func tell(_ error: Int32) {
        let message = "the journal takes no fields from this process, only lines; let it reach \(JournalSocket.path)"
        self.lines.write(
            LogEntry(level: .warning, message: message, fields: self.fields + [("error", errnoText(error))]))
    }
}
