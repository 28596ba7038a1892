/// Notices on their way to the service manager, in order; a thread that may block takes them out.
///
/// `@unchecked Sendable`: everything mutable is touched under the monitor's lock alone.
final class NoticeOutbox: @unchecked Sendable {
    /// More than a manager that reads will ever leave waiting.
    private static let capacity = 64

    private let monitor = Monitor()
    private var waiting: [String] = []
    private var isBusy = false
    private var isClosed = false

    /// Puts a notice behind the others; one that the next of its kind makes pointless is left out.
    func post(_ notice: String) {
        self.locked {
            if let last = self.waiting.last, Self.kind(last) == Self.kind(notice) {
                self.waiting.removeLast()
            } else if self.waiting.count >= Self.capacity {
                // The manager has not read for long: what it misses most is readiness and the end, so drop a status.
                self.waiting.remove(at: self.waiting.firstIndex { !$0.contains("=1\n") } ?? 0)
            }
            self.waiting.append(notice)
        }
    }

    /// The next notice, waited for; nil once closed and empty.
    func next() -> String? {
        self.locked {
            self.isBusy = false
            self.monitor.wake()
            self.monitor.sleep { self.waiting.isEmpty && !self.isClosed }
            guard !self.waiting.isEmpty else { return nil }
            self.isBusy = true
            return self.waiting.removeFirst()
        }
    }

    func close() {
        self.locked { self.isClosed = true }
    }

    func waitUntilEmpty(within time: Duration) {
        self.locked {
            self.monitor.sleep(atMost: time) { self.isBusy || !self.waiting.isEmpty }
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        self.monitor.lock()
        defer {
            self.monitor.wake()
            self.monitor.unlock()
        }
        return body()
    }

    /// What a notice is about: the names before its `=`.
    private static func kind(_ notice: String) -> [Substring] {
        notice.split(separator: "\n").map { $0.prefix { $0 != "=" } }
    }
}
