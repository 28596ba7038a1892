import Glibc

/// A descriptor that takes the log's lines, one `write` a line: stderr.
///
/// Where others share it, and one of them fills it between the look for room and the line, the line may wait for
/// whoever reads.
struct LineOutlet: LogOutlet {
    let descriptor: Int32
    /// How long a line waits until there is room.
    var patience = Duration.seconds(1)

    func take(_ bytes: [UInt8], waits: Bool) -> LogTaking {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard self.hasRoom(waits: waits) else { return .full }
            let written = rest.withUnsafeBytes { write(self.descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                return .full
            } else if errno != EINTR {
                return .gone(errno)
            }
        }
        return .taken
    }

    private func hasRoom(waits: Bool) -> Bool {
        var poll = pollfd(fd: self.descriptor, events: Int16(POLLOUT), revents: 0)
        let milliseconds = waits ? Int32(clamping: self.patience.inMilliseconds) : 0
        // What cannot be asked for room is tried; a signal means that somebody has other things to do than to wait.
        return Glibc.poll(&poll, 1, milliseconds) != 0
    }
}
