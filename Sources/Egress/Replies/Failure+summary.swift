extension Failure {
    /// `<status>:<what>`, for those who may know that something failed but nothing of what was sent: no word of Meta's or
    /// of the requester's is in it.
    var summary: String {
        if Self.ownTypes.contains(self.type) { return "\(self.status):\(self.type)" }
        // Meta's codes have seven digits at most; what has more is none.
        let code = (0..<10_000_000).contains(self.code) ? " \(self.code)" : ""
        return "\(self.status):Graph error\(code)"
    }

    /// The types of failures that the gateway puts into words itself.
    private static let ownTypes: Set = [
        "InvalidRequest", "GraphUnavailable", "Expired", "Overloaded", "ReplyTooLarge", "InProgress", "GraphRefused",
    ]
}
