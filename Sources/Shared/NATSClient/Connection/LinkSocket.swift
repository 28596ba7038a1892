import CNATS
import Glibc

/// The link's own duplicate of the connection's socket, to wait for and to break off; the client library reads and writes.
final class LinkSocket {
    private let descriptor: Int32
    private let usesTLS: Bool
    /// How many bytes must be there before the socket counts as readable.
    private var mark: Int32 = 1

    init(_ descriptor: Int32, usesTLS: Bool) {
        self.descriptor = descriptor
        self.usesTLS = usesTLS
    }

    deinit {
        close(self.descriptor)
    }

    func awaited(writing: Bool) -> pollfd {
        pollfd(fd: self.descriptor, events: Int16(writing ? POLLIN | POLLOUT : POLLIN) | Self.hangUp, revents: 0)
    }

    /// Whether the client library can read without waiting.
    ///
    /// Asked to read the half of a TLS record, cnats 3.4.1 waits for the other half, however long that takes. So it is
    /// asked once the whole record is there, which is 16 KiB and a little at most.
    func isWorthReading(_ events: Int16) -> Bool {
        guard self.usesTLS, events & (Self.hangUp | Int16(POLLHUP | POLLERR)) == 0 else { return true }
        let needed = self.nextRecord
        var present: Int32 = 0
        // Woken though there is less than was to be waited for, the kernel has no room for more: the other half comes
        // when this one is read.
        guard ioctl(self.descriptor, UInt(FIONREAD), &present) == 0, present < needed, self.mark != needed else {
            if self.mark != 1 { self.wait(for: 1) }
            return true
        }
        self.wait(for: needed)
        return false
    }

    /// Ends the connection at once: the client library reads its end next, and makes another.
    func breakOff() {
        shutdown(self.descriptor, Int32(SHUT_RDWR))
    }

    /// The size of the TLS record that comes next, in bytes; of its head where that is not there; 1 where the server, for
    /// which there are certificates, speaks without TLS.
    private var nextRecord: Int32 {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.headSize) { head in
            let size = recv(self.descriptor, head.baseAddress, head.count, Int32(MSG_PEEK))
            guard size == head.count else { return Int32(head.count) }
            // The types of a record; NATS' own lines begin with a letter or a sign.
            guard (20...23).contains(head[0]) else { return 1 }
            return Int32(head.count) + Int32(head[3]) << 8 + Int32(head[4])
        }
    }

    private func wait(for bytes: Int32) {
        self.mark = bytes
        setsockopt(self.descriptor, SOL_SOCKET, SO_RCVLOWAT, &self.mark, socklen_t(MemoryLayout<Int32>.size))
    }

    /// `POLLRDHUP`, which glibc shows to `_GNU_SOURCE` alone.
    private static let hangUp: Int16 = 0x2000
    private static let headSize = 5
}
