/// The target of a Graph request, taken apart: version, segments, query.
struct GraphPath: Hashable, Sendable {
    let version: String
    let segments: [String]
    /// Decoded; of a name that is there twice, the last counts.
    let query: [String: String]

    /// - Returns: nil when it does not begin with a version such as `/v21.0/`.
    init?(_ target: String) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let segments = (parts.first ?? "").split(separator: "/").map(String.init)
        guard let version = segments.first, version.first == "v",
            version.dropFirst().allSatisfy({ $0.isNumber || $0 == "." }), version.count > 1
        else { return nil }
        self.version = version
        self.segments = Array(segments.dropFirst())
        self.query = parts.count == 2 ? Self.query(parts[1]) : [:]
    }

    private static func query(_ text: Substring) -> [String: String] {
        text.split(separator: "&").reduce(into: [:]) { query, pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[self.decoded(parts[0])] = parts.count == 2 ? self.decoded(parts[1]) : ""
        }
    }

    static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
