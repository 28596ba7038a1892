import JSONBytes

/// What the server says of an existing stream: the settings that a promise of the gateway rests on.
package struct StreamInfo: Hashable, Sendable {
    package let name: String
    package let subjects: [String]
    package let retention: String
    package let storage: String
    package let discard: String
    package let dedupeWindow: Duration
    /// How long a message is kept; `nil` for ever.
    package let maximumAge: Duration?
    /// The largest message, in bytes; `nil` where the server's `max_payload` alone bounds it.
    package let maximumMessageBytes: Int?
    /// The place of the first message it holds; one above the last where it holds none.
    package let firstSequence: UInt64
    /// The place of the last message it has taken.
    package let lastSequence: UInt64

    /// Reads the answer of `$JS.API.STREAM.INFO` or `.CREATE`.
    init?(_ answer: JSONValue) {
        guard let configuration = answer["config"], let name = configuration["name"]?.string else { return nil }
        self.name = name
        self.subjects = configuration["subjects"]?.elements.compactMap(\.string) ?? []
        self.retention = configuration["retention"]?.string ?? "limits"
        self.storage = configuration["storage"]?.string ?? "file"
        self.discard = configuration["discard"]?.string ?? "old"
        self.dedupeWindow = .nanoseconds(configuration["duplicate_window"]?.int ?? 0)
        self.maximumAge = configuration["max_age"]?.int.flatMap { $0 > 0 ? .nanoseconds($0) : nil }
        self.firstSequence = UInt64(max(0, answer["state"]?["first_seq"]?.int ?? 0))
        self.lastSequence = UInt64(max(0, answer["state"]?["last_seq"]?.int ?? 0))
        self.maximumMessageBytes = configuration["max_msg_size"]?.int.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Names every setting of the existing stream that breaks what was asked for; empty when it will do.
    package func problems(for wanted: StreamConfiguration, minimumDedupeWindow: Duration) -> [String] {
        var problems: [String] = []
        for subject in wanted.subjects where !self.subjects.contains(where: { covers($0, subject) }) {
            problems.append("stream \(self.name) does not cover \(subject)")
        }
        if self.retention != wanted.retention.rawValue {
            problems.append("stream \(self.name) has retention \(self.retention), not \(wanted.retention.rawValue)")
        }
        if self.discard != "new" {
            problems.append("stream \(self.name) discards \(self.discard) messages when full, not new ones")
        }
        if self.dedupeWindow < minimumDedupeWindow {
            problems.append(
                "stream \(self.name) has a dedupe window of \(self.dedupeWindow), under \(minimumDedupeWindow)")
        }
        if wanted.maximumAge == nil, let age = self.maximumAge {
            problems.append("stream \(self.name) drops messages after max_age \(age)")
        }
        if let largest = wanted.maximumMessageBytes, self.maximumMessageBytes ?? .max > largest {
            problems.append(
                "stream \(self.name) has max_msg_size \(self.maximumMessageBytes ?? -1), not at most \(largest)")
        }
        return problems
    }
}

/// Whether every subject that `narrow` matches is matched by `wide`; both may hold wildcards.
func covers(_ wide: String, _ narrow: String) -> Bool {
    let wideTokens = wide.split(separator: ".", omittingEmptySubsequences: false)
    let narrowTokens = narrow.split(separator: ".", omittingEmptySubsequences: false)
    for (index, token) in wideTokens.enumerated() {
        if token == ">" { return narrowTokens.count > index }
        guard index < narrowTokens.count else { return false }
        let other = narrowTokens[index]
        if other == ">" { return false }
        if token != "*", token != other { return false }
    }
    return wideTokens.count == narrowTokens.count
}
