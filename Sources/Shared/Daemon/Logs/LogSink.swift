import Logging
import Synchronization

/// Gives entries to an outlet, and never waits long for one that stands still.
///
/// The first entry for which there is no room waits a second. Then it is lost, and so are those after it, which do not
/// wait, until one is taken again; how many were lost is told then.
final class LogSink: Sendable {
    private let outlet: any LogOutlet
    private let form: @Sendable (LogEntry) -> [UInt8]
    /// What stands on every entry.
    private let fields: [(key: String, value: String)]
    private let lost = Atomic<Int>(0)

    /// - Parameter form: makes an entry's bytes.
    init(
        _ outlet: any LogOutlet, fields: [(key: String, value: String)] = [],
        form: @escaping @Sendable (LogEntry) -> [UInt8]
    ) {
        self.outlet = outlet
        self.fields = fields
        self.form = form
    }

    /// - Returns: what stood in the way, where nobody is there to take it; `nil` otherwise.
    @discardableResult
    func write(_ entry: LogEntry) -> Int32? {
        let isStalled = self.lost.load(ordering: .relaxed) > 0
        switch self.outlet.take(self.form(entry), waits: !isStalled) {
        case .taken:
            if isStalled { self.tellLoss() }
            return nil
        case .full:
            self.lost.add(1, ordering: .relaxed)
            return nil
        case .gone(let error):
            return error
        }
    }

    private func tellLoss() {
        let lost = self.lost.exchange(0, ordering: .relaxed)
        guard lost > 0 else { return }
        let entry = LogEntry(
            level: .warning,
            message:
                "entries of the log are lost: its reader stood still; see what held it up (journald, a pipe's end)",
            fields: self.fields + [("lost", "\(lost)")])
        if self.outlet.take(self.form(entry), waits: false) == .full { self.lost.add(lost, ordering: .relaxed) }
    }
}
