import Daemon
import Glibc

/// The terminal or file that a command speaks to.
enum Console {
    /// Whether somebody can be asked: there is a terminal to read from, and one to show the question on.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    static var printsOnTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes lines to stdout; answers false where nobody reads them any more.
    static func print(_ lines: [[UInt8]]) -> Bool {
        self.write(Array(lines.map { $0 + [UInt8(ascii: "\n")] }.joined()), to: STDOUT_FILENO)
    }

    /// Writes all bytes; answers false where that cannot be done.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Shows a question on stderr and waits for a line on stdin; only `y` and `yes` agree, a request to stop does not.
    static func agrees(to question: String, until termination: Termination) async -> Bool {
        _ = self.write(Array(question.utf8), to: STDERR_FILENO)
        var answer: [UInt8] = []
        while !termination.isRequested {
            guard let read = self.readIfReady() else {
                // Looked at now and then, since a thread that waits in read() cannot be told to stop.
                try? await Task.sleep(for: .milliseconds(50))
                continue
            }
            answer += read
            if read.isEmpty || read.last == UInt8(ascii: "\n") || answer.count > 64 { break }
        }
        if answer.last != UInt8(ascii: "\n") { _ = self.write([UInt8(ascii: "\n")], to: STDERR_FILENO) }
        let words = String(decoding: answer, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return words.count == 1 && ["y", "yes"].contains(words[0].lowercased())
    }

    /// What has been typed, up to the end of a line; empty at the end of the input, `nil` where there is nothing yet.
    private static func readIfReady() -> [UInt8]? {
        var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, 0) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return nil }
        return Array(buffer.prefix(max(0, count)))
    }
}
