import CNATS
import Glibc
import Synchronization

/// What the client library says of its socket, from any of its threads, to the link's thread, which waits for it.
final class SocketWatch: Sendable {
    enum News {
        case none
        /// There is a new one; the descriptor is a duplicate and the taker's to close.
        case attached(Int32)
        case gone
    }

    private let news = Mutex(News.none)
    private let isWriteWanted = Atomic<Bool>(false)
    private let queue: CommandQueue

    init(ringing queue: CommandQueue) {
        self.queue = queue
    }

    /// What has become of the socket since this was asked last.
    func takeNews() -> News {
        self.news.withLock { news in
            defer { news = .none }
            return news
        }
    }

    /// Whether something waits to be written.
    var wantsWrite: Bool { self.isWriteWanted.load(ordering: .acquiring) }

    /// Has the client library tell this watch, which outlives the connection, instead of a thread of its own.
    func apply(to options: OpaquePointer) -> natsStatus {
        natsOptions_SetEventLoop(
            options, Unmanaged.passUnretained(self).toOpaque(),
            { userData, loop, _, socket in
                guard let watch = SocketWatch.from(loop) else { return NATS_INVALID_ARG }
                userData?.pointee = loop
                return watch.attach(socket) ? NATS_OK : NATS_SYS_ERROR
            },
            { watch, isAdded in
                if !isAdded { SocketWatch.from(watch)?.tell(.gone) }
                return NATS_OK
            },
            { watch, isAdded in
                SocketWatch.from(watch)?.wantWrite(isAdded)
                return NATS_OK
            },
            { watch in
                SocketWatch.from(watch)?.tell(.gone)
                return NATS_OK
            })
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> SocketWatch? {
        context.map { Unmanaged<SocketWatch>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The client library closes its descriptor when it likes, and the number may be another's a moment later: whoever
    /// waits for it needs one of its own.
    private func attach(_ socket: Int32) -> Bool {
        let duplicate = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        guard duplicate >= 0 else { return false }
        self.tell(.attached(duplicate))
        return true
    }

    private func tell(_ news: News) {
        let before = self.news.withLock { last in
            defer { last = news }
            return last
        }
        if case .attached(let socket) = before { close(socket) }
        self.queue.ring()
    }

    private func wantWrite(_ isWanted: Bool) {
        if self.isWriteWanted.exchange(isWanted, ordering: .acquiringAndReleasing) != isWanted, isWanted {
            self.queue.ring()
        }
    }
}
