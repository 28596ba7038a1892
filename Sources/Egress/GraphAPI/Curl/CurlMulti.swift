import CCurl

/// libcurl's multi handle and the sockets and timer it wants watched; belongs to one thread, outlives its transfers.
final class CurlMulti {
    /// What the transfers share: TLS sessions, so that a new connection resumes an old one's.
    let share: UnsafeMutableRawPointer
    let sockets = OpenSockets()
    private let handle: UnsafeMutableRawPointer
    private let poller: Poller
    private let inbox: CurlInbox
    /// When libcurl wants to be called though no socket has anything.
    private var timer: ContinuousClock.Instant?
    private var events = [epoll_event](repeating: epoll_event(), count: 64)

    /// - Parameters:
    ///   - connections: how many are kept open when idle.
    ///   - inbox: ends a wait when it has mail.
    init(connections: Int, poller: Poller, inbox: CurlInbox) {
        guard let handle = curl_multi_init(), let share = curl_share_init() else {
            preconditionFailure("no memory for libcurl")
        }
        self.handle = handle
        self.share = share
        self.poller = poller
        self.inbox = inbox
        poller.watch(inbox.descriptor, for: .readable)

        ccurl_share_set_long(share, CURLSHOPT_SHARE, Int(CURL_LOCK_DATA_SSL_SESSION.rawValue))
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, connections)
        ccurl_multi_set_pointer(handle, CURLMOPT_SOCKETDATA, context)
        ccurl_multi_set_pointer(handle, CURLMOPT_TIMERDATA, context)
        ccurl_multi_set_socket(handle) { _, socket, action, context, _ in
            if let context { Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue().watch(socket, action) }
            return 0
        }
        ccurl_multi_set_timer(handle) { _, milliseconds, context in
            if let context { Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds) }
            return 0
        }
    }

    deinit {
        // Closing idle connections calls back into this object, which is going.
        ccurl_multi_set_pointer(self.handle, CURLMOPT_SOCKETDATA, nil)
        ccurl_multi_set_pointer(self.handle, CURLMOPT_TIMERDATA, nil)
        curl_multi_cleanup(self.handle)
        curl_share_cleanup(self.share)
    }

    /// Begins a transfer: `false` if libcurl refuses it.
    func add(_ easy: UnsafeMutableRawPointer) -> Bool {
        curl_multi_add_handle(self.handle, easy) == CURLM_OK
    }

    /// Takes a transfer away; where it has not ended, its connection is closed.
    func remove(_ easy: UnsafeMutableRawPointer) {
        curl_multi_remove_handle(self.handle, easy)
    }

    /// Waits until a socket or the timer has something, at most until `deadline`, and lets libcurl work.
    func turn(until deadline: ContinuousClock.Instant?) {
        let end = [deadline, self.timer].compactMap(\.self).min()
        let count = self.poller.wait(&self.events, milliseconds: end.map(Self.milliseconds) ?? -1)
        var running: Int32 = 0
        for event in self.events.prefix(count) {
            if event.data.fd == self.inbox.descriptor {
                self.inbox.rearm()
            } else {
                let mask = Self.mask(Poller.Interest(rawValue: event.events))
                curl_multi_socket_action(self.handle, event.data.fd, mask, &running)
            }
        }
        if let timer = self.timer, timer <= .now {
            self.timer = nil
            curl_multi_socket_action(self.handle, CURL_SOCKET_TIMEOUT, 0, &running)
        }
    }

    /// A transfer that has ended since, and how; it is still to be removed.
    func nextEnded() -> (easy: UnsafeMutableRawPointer, code: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(self.handle, &left)?.pointee {
            if message.msg == CURLMSG_DONE { return (message.easy_handle, message.data.result) }
        }
        return nil
    }

    private func watch(_ socket: curl_socket_t, _ action: Int32) {
        switch action {
        case CURL_POLL_IN: self.poller.watch(socket, for: .readable)
        case CURL_POLL_OUT: self.poller.watch(socket, for: .writable)
        case CURL_POLL_INOUT: self.poller.watch(socket, for: [.readable, .writable])
        default: self.poller.forget(socket)
        }
    }

    private static func mask(_ events: Poller.Interest) -> Int32 {
        var mask: Int32 = 0
        if events.contains(.readable) { mask |= CURL_CSELECT_IN }
        if events.contains(.writable) { mask |= CURL_CSELECT_OUT }
        if !events.isDisjoint(with: .failed) { mask |= CURL_CSELECT_ERR }
        return mask
    }

    private func setTimer(_ milliseconds: Int) {
        self.timer = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
    }

    /// Until `deadline`, rounded up: waking too early would spin.
    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let left = (deadline - .now) / .milliseconds(1)
        return Int32(min(max(0, left.rounded(.up)), 60_000))
    }
}
