import Foundation
import Glibc

/// Reads the lines of a pipe, waiting for those that are asked for.
final class LineReader {
    private let handle: FileHandle
    private var bytes: [UInt8] = []
    private var lines: [String] = []
    private var next = 0
    private var isAtEnd = false

    init(_ handle: FileHandle) {
        self.handle = handle
    }

    /// The next line of which this holds, behind those returned before.
    func next(within time: Duration, where isMeant: (String) -> Bool) throws -> String {
        let end = ContinuousClock.now + time
        while true {
            while self.next < self.lines.count {
                self.next += 1
                if isMeant(self.lines[self.next - 1]) { return self.lines[self.next - 1] }
            }
            try self.readMore(until: end, "a line of the log")
            if self.isAtEnd, self.next == self.lines.count { throw self.missing("a line of a log that is at its end") }
        }
    }

    /// All lines, once every process has closed the pipe.
    func readToEnd(within time: Duration) throws -> [String] {
        let end = ContinuousClock.now + time
        while !self.isAtEnd { try self.readMore(until: end, "the end of the log") }
        return self.lines
    }

    private func readMore(until end: ContinuousClock.Instant, _ what: String) throws {
        let left = end - .now
        guard left > .zero else { throw self.missing(what) }
        var source = pollfd(fd: self.handle.fileDescriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&source, 1, Int32(left.components.seconds) * 1000 + 1000) > 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = read(self.handle.fileDescriptor, &buffer, buffer.count)
        self.isAtEnd = count <= 0
        self.bytes += buffer.prefix(max(0, count))
        while let newline = self.bytes.firstIndex(of: UInt8(ascii: "\n")) {
            self.lines.append(String(decoding: self.bytes[..<newline], as: UTF8.self))
            self.bytes.removeSubrange(...newline)
        }
    }

    private func missing(_ what: String) -> NoSuchFact {
        NoSuchFact(what: "\(what); the log is:\n\(self.lines.joined(separator: "\n"))")
    }
}
