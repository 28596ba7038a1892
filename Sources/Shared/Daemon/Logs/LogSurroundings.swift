import Glibc

/// What the process's stderr is.
struct LogSurroundings: Sendable {
    let isTerminal: Bool
    let isColoured: Bool
    let isJournal: Bool
    /// The executable's name, without its folder.
    let program: String

    static var own: LogSurroundings {
        let isTerminal = isatty(STDERR_FILENO) == 1
        return LogSurroundings(
            isTerminal: isTerminal,
            isColoured: isTerminal && self.variable("NO_COLOR") == nil && self.variable("TERM") != "dumb",
            isJournal: JournalStream.isJournal(STDERR_FILENO, variable: self.variable("JOURNAL_STREAM")),
            program: CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "whatsapp")
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
