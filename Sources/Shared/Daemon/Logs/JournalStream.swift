import Glibc

/// Whether a descriptor is the stream that systemd has connected with the journal.
enum JournalStream {
    /// - Parameter variable: `JOURNAL_STREAM`: device and inode of that stream, in decimal, between them a colon.
    static func isJournal(_ descriptor: Int32, variable: String?) -> Bool {
        guard let parts = variable?.split(separator: ":", omittingEmptySubsequences: false), parts.count == 2,
            let device = UInt64(parts[0]), let inode = UInt64(parts[1])
        else { return false }
        var status = stat()
        return fstat(descriptor, &status) == 0 && UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
    }
}
