/// What came of asking an admin endpoint for a page.
enum AskedPage: Hashable {
    /// It answered, with whatever status.
    case answered(status: Int, body: [UInt8])
    case failed(AskFailure)
}

/// Why there is no page; the raw value is a metric's label.
enum AskFailure: String, Hashable, CaseIterable {
    /// Nobody listens, or not to us.
    case unreachable
    /// It did not answer, or not to the end, in the time that there was.
    case timeout
    /// It answers more than is borne.
    case tooLarge = "too_large"
    /// What it says is not what was asked for.
    case malformed
}
