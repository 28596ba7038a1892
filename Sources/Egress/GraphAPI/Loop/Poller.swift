import CCurl
import Daemon
import Glibc

/// Waits for descriptors, with epoll: the cost of a turn follows the descriptors that have something, not all watched.
final class Poller: Sendable {
    /// What libcurl wants to know of a socket.
    struct Interest: OptionSet {
        let rawValue: UInt32
        static let readable = Interest(rawValue: EPOLLIN.rawValue)
        static let writable = Interest(rawValue: EPOLLOUT.rawValue)
        /// Reported without being asked for.
        static let failed = Interest(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
    }

    private let descriptor: Int32

    init() throws(CurlError) {
        self.descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard self.descriptor >= 0 else { throw CurlError(description: "epoll: \(errnoText())") }
    }

    deinit {
        close(self.descriptor)
    }

    func watch(_ descriptor: Int32, for interest: Interest) {
        var event = epoll_event(events: interest.rawValue, data: epoll_data(fd: descriptor))
        if epoll_ctl(self.descriptor, EPOLL_CTL_ADD, descriptor, &event) != 0, errno == EEXIST {
            epoll_ctl(self.descriptor, EPOLL_CTL_MOD, descriptor, &event)
        }
    }

    /// A descriptor closed already is forgotten already.
    func forget(_ descriptor: Int32) {
        var event = epoll_event()
        epoll_ctl(self.descriptor, EPOLL_CTL_DEL, descriptor, &event)
    }

    /// Waits until a descriptor has something or the time is over.
    ///
    /// - Parameter milliseconds: −1: without end.
    /// - Returns: how many of `events` are filled in; 0 also when a signal came.
    func wait(_ events: inout [epoll_event], milliseconds: Int32) -> Int {
        max(0, Int(epoll_wait(self.descriptor, &events, Int32(events.count), milliseconds)))
    }
}
