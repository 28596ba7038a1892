import JSONBytes

/// Reads `X-Business-Use-Case-Usage` and `X-App-Usage`, in which Meta writes JSON about how much of a quota is used.
enum UsageHeader {
    /// The names of the headers that may say when a throttled caller has access again.
    static let names = ["X-Business-Use-Case-Usage", "X-App-Usage"]

    /// The highest `estimated_time_to_regain_access` anywhere in the header, minutes there; `nil` where there is none
    /// above zero, or no JSON, or more than 16 KiB; at most a day.
    static func regainAccess(_ value: String) -> Duration? {
        guard value.utf8.count <= 16_384, let document = try? JSONDocument(validating: Array(value.utf8)) else {
            return nil
        }
        let minutes = Self.highest(in: document.root)
        guard minutes > 0 else { return nil }
        return minutes < 1_440 ? .seconds(minutes * 60) : RetryAfter.longest
    }

    /// Goes into objects and arrays alike: business IDs are the keys of the outer object, use cases an array below.
    private static func highest(in value: JSONValue) -> Int {
        var highest = value["estimated_time_to_regain_access"]?.int ?? 0
        for (_, member) in value.members { highest = max(highest, Self.highest(in: member)) }
        for element in value.elements { highest = max(highest, Self.highest(in: element)) }
        return highest
    }
}
