import CCurl
import Daemon
import Glibc
import Synchronization

/// Where any thread leaves calls for the curl thread, and wakes it.
final class CurlInbox: Sendable {
    /// What came in since the curl thread looked last.
    struct Mail {
        var calls: [PendingCall] = []
        /// Whether some awaited call was cancelled: each one has its own mark.
        var hasCancellations = false
        /// The transport is to stop; no further mail will come.
        var isStopping = false
    }

    private struct State {
        var mail = Mail()
        /// Whether somebody has woken the thread, or is about to, since it took last.
        var isWoken = false
    }

    /// Becomes readable when there is mail.
    let descriptor: Int32
    private let state = Mutex(State())

    init() throws(CurlError) {
        self.descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard self.descriptor >= 0 else { throw CurlError(description: "eventfd: \(errnoText())") }
    }

    deinit {
        close(self.descriptor)
    }

    /// Hands in a call; `false`, and nothing taken, when the transport stops or has stopped.
    func post(_ call: PendingCall) -> Bool {
        self.leave { mail in
            guard !mail.isStopping else { return false }
            mail.calls.append(call)
            return true
        }
    }

    func noteCancellation() {
        self.leave { $0.hasCancellations = true }
    }

    func stop() {
        self.leave { $0.isStopping = true }
    }

    /// Wakes the curl thread though there is nothing to do.
    func poke() {
        self.leave { _ in }
    }

    /// Whether the transport stops or has stopped.
    var isStopping: Bool { self.state.withLock { $0.mail.isStopping } }

    /// Makes the descriptor unreadable until the next wake-up; for the curl thread alone, before it takes.
    func rearm() {
        var count: eventfd_t = 0
        eventfd_read(self.descriptor, &count)
    }

    /// Takes what has come in; for the curl thread alone.
    func take() -> Mail {
        self.state.withLock { state in
            defer { state = State(mail: Mail(isStopping: state.mail.isStopping)) }
            return state.mail
        }
    }

    private func leave<Result>(_ change: (inout Mail) -> Result) -> Result {
        let (result, mustWake) = self.state.withLock { state in
            let result = change(&state.mail)
            defer { state.isWoken = true }
            return (result, !state.isWoken)
        }
        // Outside the lock, where nobody waits for the system call. The thread may have taken the mail by now: then it
        // wakes for nothing, once.
        if mustWake { eventfd_write(self.descriptor, 1) }
        return result
    }
}
