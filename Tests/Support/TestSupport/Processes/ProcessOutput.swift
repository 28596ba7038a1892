/// The lines that a process writes to one of its outputs; the first 100,000 are kept.
package final class ProcessOutput: Sendable {
    struct Written: Sendable {
        var lines: [String] = []
        var unfinished: [UInt8] = []
        var ended = false
    }

    private let written = Watched(Written())
    private static let limit = 100_000

    init() {}

    /// The lines so far, without their ends; the last may be one that is still being written once the output has ended.
    package var lines: [String] { self.written.read { $0.lines } }

    package var text: String { self.lines.joined(separator: "\n") }

    /// Waits for a line that matches, those already written included.
    ///
    /// - Parameter start: the index of the first line to look at; `lines.count` for only what is to come.
    /// - Throws: `Overdue` with the last lines there were; `OutputEnded` when no more can come.
    @discardableResult
    package func waitForLine(
        from start: Int = 0, within limit: Duration = .seconds(10), matching: @escaping @Sendable (String) -> Bool
    ) async throws -> String {
        let line = try await self.written.first(within: limit, what: "a certain line after:\n\(self.tail)") {
            written -> Result<String, OutputEnded>? in
            if let line = written.lines.dropFirst(start).first(where: matching) { return .success(line) }
            return written.ended ? .failure(OutputEnded(tail: Self.tail(of: written.lines))) : nil
        }
        return try line.get()
    }

    /// Waits for a line that contains the text.
    @discardableResult
    package func waitForLine(
        containing text: String, from start: Int = 0, within limit: Duration = .seconds(10)
    ) async throws -> String {
        try await self.waitForLine(from: start, within: limit) { $0.contains(text) }
    }

    /// Waits until the process and all who inherited the output from it have closed it.
    package func waitForEnd(within limit: Duration = .seconds(10)) async throws {
        _ = try await self.written.first(within: limit, what: "the end of the output") { $0.ended ? true : nil }
    }

    /// The last 20 lines.
    package var tail: String { Self.tail(of: self.lines) }

    private static func tail(of lines: [String]) -> String {
        lines.suffix(20).joined(separator: "\n")
    }

    func append(_ bytes: some Collection<UInt8>) {
        self.written.update { written in
            written.unfinished += bytes
            var rest = written.unfinished[...]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                if written.lines.count < Self.limit {
                    written.lines.append(String(decoding: rest[..<end], as: UTF8.self))
                }
                rest = rest[(end + 1)...]
            }
            written.unfinished = Array(rest.suffix(1 << 20))
        }
    }

    func end() {
        self.written.update { written in
            if !written.unfinished.isEmpty {
                written.lines.append(String(decoding: written.unfinished, as: UTF8.self))
                written.unfinished = []
            }
            written.ended = true
        }
    }
}

/// The process has closed its output without the line that was waited for.
package struct OutputEnded: Error, Hashable, CustomStringConvertible {
    let tail: String

    package var description: String { "the output ended after:\n\(self.tail)" }
}
