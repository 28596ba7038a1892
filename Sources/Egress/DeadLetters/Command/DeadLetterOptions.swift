import ArgumentParser
import Launch
import NATSClient

/// What `list`, `replay` and `drop` are told: whose dead letters, and which of them.
struct DeadLetterOptions: ParsableArguments {
    @OptionGroup var common: CommonOptions

    @Argument(help: "The account's name.")
    var name: String
    @Option(help: "Those that died of this reason; repeatable, as are --code, --action and --job-id.")
    var reason: [DeadReason] = []
    @Option(help: "Those with this error code.")
    var code: [Int] = []
    @Option(help: "Those with this action.")
    var action: [String] = []
    @Option(name: .customLong("job-id"), help: "The job with this ID.")
    var jobID: [String] = []
    @Option(
        help: ArgumentHelp(
            "Those stored at this time or later: RFC 3339 with a zone, or Unix seconds.", valueName: "time"),
        transform: Self.time)
    var since: StreamTime?
    @Option(help: ArgumentHelp("Those stored before this time.", valueName: "time"), transform: Self.time)
    var until: StreamTime?
    @Option(help: ArgumentHelp("At most so many, the oldest.", valueName: "count"))
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit: expected a number from 1 on, found \(limit)") }
    }

    var filter: DeadLetterFilter {
        DeadLetterFilter(
            reasons: Set(self.reason), codes: Set(self.code), actions: Set(self.action), jobIDs: Set(self.jobID),
            since: self.since, until: self.until)
    }

    private static func time(_ text: String) throws -> StreamTime {
        guard let time = StreamTime(instant: text) else {
            throw ValidationError("expected a time such as 2026-01-31T09:30:00Z, or Unix seconds, found \"\(text)\"")
        }
        return time
    }
}

extension DeadReason: ExpressibleByArgument {
    /// Reads the words of `Wa-Reason`, with blanks or, easier to type, with `-`.
    init?(argument: String) {
        self.init(rawValue: argument.replacing("-", with: " "))
    }

    static var allValueStrings: [String] { Self.allCases.map { $0.rawValue.replacing(" ", with: "-") } }
}
