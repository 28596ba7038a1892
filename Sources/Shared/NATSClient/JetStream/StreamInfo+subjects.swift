extension StreamInfo {
    /// Whether the stream stores messages of a subject, or of one that it matches where it holds wildcards.
    package func takes(_ subject: String) -> Bool {
        self.subjects.contains { overlap($0, subject) }
    }
}

/// Whether some subject is matched by both; both may hold wildcards.
func overlap(_ left: String, _ right: String) -> Bool {
    let leftTokens = left.split(separator: ".", omittingEmptySubsequences: false)
    let rightTokens = right.split(separator: ".", omittingEmptySubsequences: false)
    for (one, other) in zip(leftTokens, rightTokens) {
        if one == ">" || other == ">" { return true }
        if one != "*", other != "*", one != other { return false }
    }
    return leftTokens.count == rightTokens.count
}
