import Glibc

/// A connection on which one page is asked for; never blocks, and is closed when the page is there.
final class AskedConnection {
    let descriptor: Int32
    private let request: [UInt8]
    private var written = 0
    private var reply: AskedReply

    /// Begins to connect.
    ///
    /// - Parameters:
    ///   - path: such as `/metrics`.
    ///   - limit: the longest body that is borne, in bytes.
    /// - Returns: nil where the address cannot be reached.
    init?(to address: SocketAddress, for path: String, limit: Int) {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.family, type, 0)
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
        self.request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        self.reply = AskedReply(limit: limit)
        let result = address.connect(descriptor)
        // A Unix socket with too many waiting says EAGAIN at once, and would go on to do so.
        guard result == 0 || result == EINPROGRESS else { return nil }
    }

    deinit {
        close(self.descriptor)
    }

    /// How much has come so far, in bytes.
    var held: Int { self.reply.bytes.count }

    /// What to wait for.
    var interest: Int16 { Int16(self.written < self.request.count ? POLLOUT : POLLIN) }

    /// Goes on as far as it can without waiting, into a buffer that may be shared.
    ///
    /// - Returns: the page once it is decided; not to be called any more then.
    func proceed(_ buffer: inout [UInt8]) -> AskedPage? {
        while self.written < self.request.count {
            let sent = self.request[self.written...].withUnsafeBytes {
                send(self.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return errno == EAGAIN || errno == EINTR ? nil : .failed(.unreachable) }
            self.written += sent
        }
        // Not for ever, lest one that never ends holds up the others.
        for _ in 0..<16 {
            let count = recv(self.descriptor, &buffer, buffer.count, 0)
            if count == 0 { return self.reply.ended() }
            guard count > 0 else { return errno == EAGAIN || errno == EINTR ? nil : .failed(.unreachable) }
            if let page = self.reply.take(buffer[..<count]) { return page }
        }
        return nil
    }
}
