import Daemon
import Glibc
import Synchronization

/// A thread that runs one body and ends; libcurl's loop blocks, so it may not sit on a task's thread.
final class CurlThread: Sendable {
    private enum State {
        case running([CheckedContinuation<Void, Never>])
        case ended
    }

    /// What the new thread is given: it outlives the `CurlThread` if nobody joins.
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        let state = Mutex(State.running([]))

        init(body: @escaping @Sendable () -> Void) {
            self.body = body
        }

        func run() {
            self.body()
            let waiting = self.state.withLock { state in
                defer { state = .ended }
                guard case .running(let waiting) = state else { return [CheckedContinuation<Void, Never>]() }
                return waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    private let work: Work
    /// `nil` once joined.
    private let handle: Mutex<pthread_t?>

    init(body: @escaping @Sendable () -> Void) throws(CurlError) {
        let work = Work(body: body)
        let context = Unmanaged.passRetained(work)
        var handle = pthread_t()
        let status = Self.withSignalsBlocked {
            pthread_create(
                &handle, nil,
                { context in
                    if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
                    return nil
                }, context.toOpaque())
        }
        guard status == 0 else {
            context.release()
            throw CurlError(description: "no thread: \(errnoText(status))")
        }
        self.work = work
        self.handle = Mutex(handle)
    }

    deinit {
        if let handle = self.handle.withLock({ $0 }) { pthread_detach(handle) }
    }

    /// Returns when the body has returned and the thread is gone.
    func join() async {
        await withCheckedContinuation { continuation in
            let hasEnded = self.work.state.withLock { state in
                guard case .running(let waiting) = state else { return true }
                state = .running(waiting + [continuation])
                return false
            }
            if hasEnded { continuation.resume() }
        }
        // Only the thread's last steps remain: this blocks no longer than they take.
        if let handle = self.handle.withLock({ $0.take() }) { pthread_join(handle, nil) }
    }

    /// The new thread inherits the mask: signals belong to the process's other threads, and OpenSSL writing to a closed
    /// connection must not raise SIGPIPE. Those a thread causes itself by a crash stay open.
    private static func withSignalsBlocked<Result>(_ body: () -> Result) -> Result {
        var blocked = sigset_t()
        var before = sigset_t()
        sigfillset(&blocked)
        for signal in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT] { sigdelset(&blocked, signal) }
        pthread_sigmask(SIG_SETMASK, &blocked, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        return body()
    }
}
