import Glibc

/// A line on stderr that says how far long work is, written over and over; nothing where stderr is no terminal.
struct ProgressLine {
    private static let patience = Duration.seconds(1)
    private static let interval = Duration.milliseconds(200)

    private let isShown = isatty(STDERR_FILENO) == 1
    private var next = ContinuousClock.now + Self.patience
    private var width = 0

    /// Shows how far it is: first after a second, then five times a second at most.
    mutating func show(_ text: @autoclosure () -> String) {
        guard self.isShown, .now >= self.next else { return }
        self.next = .now + Self.interval
        let text = text()
        self.write("\r" + text + String(repeating: " ", count: max(0, self.width - text.utf8.count)))
        self.width = text.utf8.count
    }

    /// Takes the line away, so that something else can stand there.
    mutating func clear() {
        guard self.width > 0 else { return }
        self.write("\r" + String(repeating: " ", count: self.width) + "\r")
        self.width = 0
    }

    private func write(_ text: String) {
        _ = Console.write(Array(text.utf8), to: STDERR_FILENO)
    }
}
