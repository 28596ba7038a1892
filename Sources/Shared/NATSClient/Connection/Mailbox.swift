import Daemon

/// A queue from many threads to the one that works it off in batches.
///
/// `@unchecked Sendable`: every access to `waiting` is under the monitor's lock.
final class Mailbox<Element: Sendable>: @unchecked Sendable {
    private let monitor = Monitor()
    private var waiting: [Element] = []

    func post(_ element: Element) {
        self.monitor.lock()
        defer { self.monitor.unlock() }
        // The reader sleeps only where there is nothing.
        if self.waiting.isEmpty { self.monitor.wake() }
        self.waiting.append(element)
    }

    func post(contentsOf elements: [Element]) {
        self.monitor.lock()
        defer { self.monitor.unlock() }
        if self.waiting.isEmpty { self.monitor.wake() }
        self.waiting += elements
    }

    /// Gives back what was taken and not worked off: it comes before what has been posted since.
    func putBack(_ elements: some Collection<Element>) {
        self.monitor.lock()
        defer { self.monitor.unlock() }
        if self.waiting.isEmpty { self.monitor.wake() }
        self.waiting.insert(contentsOf: elements, at: 0)
    }

    /// Takes all that is there, in the order of posting; waits for the first when there is nothing.
    ///
    /// - Parameter limit: how long to wait at most; `nil` waits without end.
    func take(waitingAtMost limit: Duration? = nil) -> [Element] {
        self.monitor.lock()
        defer { self.monitor.unlock() }
        self.monitor.sleep(atMost: limit) { self.waiting.isEmpty }
        let taken = self.waiting
        self.waiting = []
        return taken
    }
}
