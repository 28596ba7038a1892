extension Duration {
    /// Whole milliseconds, never negative.
    package var inMilliseconds: Int { Int(exactly: max(0, (self / .milliseconds(1)).rounded(.down))) ?? .max }
}
