/// Where the log's bytes go; it may stand still, or not be there.
protocol LogOutlet: Sendable {
    /// Takes an entry whole or not at all.
    ///
    /// - Parameter waits: whether it may take its time, a second at most, until there is room.
    func take(_ bytes: [UInt8], waits: Bool) -> LogTaking
}

/// What became of the bytes of an entry.
enum LogTaking: Hashable, Sendable {
    case taken
    /// Whoever reads has not made room for it.
    case full
    /// Nobody is there to read; the `errno` value.
    case gone(Int32)
}
