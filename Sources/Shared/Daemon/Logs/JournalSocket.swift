import Glibc

/// The socket at which the journal takes entries with fields of their own.
///
/// libsystemd's `sd_journal_sendv` is not used: its socket blocks for as long as a stopped journald does not read, and
/// where there is no journald it says that all is well.
final class JournalSocket: LogOutlet {
    static let path = "/run/systemd/journal/socket"

    /// -1 where the process may have no such socket.
    private let descriptor: Int32
    private let error: Int32
    /// Resolved anew for each entry: another journald's socket is another file.
    private let address: sockaddr_un

    /// - Parameters:
    ///   - path: at most 107 bytes.
    ///   - patience: how long an entry waits for room in the journal's queue.
    init(path: String = JournalSocket.path, patience: Duration = .seconds(1)) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        self.address = address
        self.descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.error = errno
        let (seconds, attoseconds) = patience.components
        var time = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        setsockopt(self.descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(self.descriptor)
    }

    func take(_ bytes: [UInt8], waits: Bool) -> LogTaking {
        guard self.descriptor >= 0 else { return .gone(self.error) }
        let flags = Int32(MSG_NOSIGNAL) | (waits ? 0 : Int32(MSG_DONTWAIT))
        // A signal that comes again and again is not to hold the caller.
        for _ in 0..<4 {
            let sent = withUnsafePointer(to: self.address) { address in
                address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    bytes.withUnsafeBytes {
                        sendto(
                            self.descriptor, $0.baseAddress, $0.count, flags, address,
                            socklen_t(MemoryLayout<sockaddr_un>.size))
                    }
                }
            }
            guard sent < 0 else { return .taken }
            switch errno {
            case EINTR: continue
            case EAGAIN, ENOBUFS, ENOMEM: return .full
            case let error: return .gone(error)
            }
        }
        return .full
    }
}
