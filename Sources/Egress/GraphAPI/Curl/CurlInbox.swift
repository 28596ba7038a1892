import CCurl
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
        self.state.withLock { state in
            guard !state.mail.isStopping else { return false }
            state.mail.calls.append(call)
            self.wake(&state)
            return true
        }
    }

    func noteCancellation() {
        self.state.withLock { state in
            state.mail.hasCancellations = true
            self.wake(&state)
        }
    }

    func stop() {
        self.state.withLock { state in
            state.mail.isStopping = true
            self.wake(&state)
        }
    }

    /// Takes what has come in; for the curl thread alone.
    func take() -> Mail {
        self.state.withLock { state in
            if state.isWoken {
                var count: eventfd_t = 0
                eventfd_read(self.descriptor, &count)
                state.isWoken = false
            }
            defer { state.mail = Mail(isStopping: state.mail.isStopping) }
            return state.mail
        }
    }

    private func wake(_ state: inout State) {
        guard !state.isWoken else { return }
        eventfd_write(self.descriptor, 1)
        state.isWoken = true
    }
}

/// What the last system call failed of, in words.
func errnoText() -> String {
    String(cString: strerror(errno))
}
