import CCurl
import Daemon

/// What the curl thread does before it has a call: it rests, without libcurl.
///
/// libcurl and the libraries that it brings take 6 ms and 2 MB to load. A start does not wait for that, and a worker
/// that sends nothing does without.
struct FirstCall {
    let inbox: CurlInbox
    let poller: Poller
    /// Beats whenever the thread is woken.
    let pulse: Pulse

    /// Waits for a call.
    ///
    /// - Returns: `false` if the transport is to stop before there is one.
    func hasCome() -> Bool {
        var events = [epoll_event()]
        self.poller.watch(self.inbox.descriptor, for: .readable)
        while !self.inbox.hasCalls() {
            if self.inbox.isStopping { return false }
            self.pulse.beat()
            if self.inbox.sleep(), self.poller.wait(&events, milliseconds: -1) > 0 { self.inbox.rearm() }
            self.inbox.wake()
        }
        return true
    }
}
