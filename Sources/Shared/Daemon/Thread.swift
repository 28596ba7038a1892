import CLinux
import Glibc
import Synchronization

/// Runs `body` on a new thread of its own that nobody waits for; for work that may block.
///
/// - Parameter name: what `ps -T` and a debugger show, at most 15 bytes.
package func startThread(named name: String? = nil, _ body: @escaping @Sendable () -> Void) {
    do throws(ThreadError) {
        _ = try BlockingThread(named: name, body)
    } catch {
        preconditionFailure("\(error)")
    }
}

/// A thread that runs one body and ends; for work that may block, which no task's thread may.
///
/// Signals belong to the process's other threads: it blocks all but those that a thread causes itself by a crash.
package final class BlockingThread: Sendable {
    private let body: ThreadBody
    /// `nil` once joined.
    private let handle: Mutex<pthread_t?>

    /// Starts the thread.
    ///
    /// - Parameter name: what `ps -T` and a debugger show, at most 15 bytes.
    package init(named name: String? = nil, _ run: @escaping @Sendable () -> Void) throws(ThreadError) {
        let body = ThreadBody(name: name, run: run)
        let context = Unmanaged.passRetained(body)
        var handle = pthread_t()
        let status = Self.withSignalsBlocked {
            pthread_create(
                &handle, nil,
                { context in
                    if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().execute() }
                    return nil
                }, context.toOpaque())
        }
        guard status == 0 else {
            context.release()
            throw ThreadError(description: "no thread to be had: \(errnoText(status))")
        }
        self.body = body
        self.handle = Mutex(handle)
    }

    deinit {
        if let handle = self.handle.withLock({ $0 }) { pthread_detach(handle) }
    }

    /// Returns when the body has returned and the thread is gone.
    package func join() async {
        await self.body.ended()
        // Only the thread's last steps remain: this blocks no longer than they take.
        if let handle = self.handle.withLock({ $0.take() }) { pthread_join(handle, nil) }
    }

    /// The new thread inherits the mask.
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

/// The process may have no more threads, or has no memory for one.
package struct ThreadError: Error, Hashable, CustomStringConvertible {
    package let description: String
}

/// What the new thread is given: it outlives the `BlockingThread` if nobody joins.
private final class ThreadBody: Sendable {
    private enum State {
        case running([CheckedContinuation<Void, Never>])
        case ended
    }

    private let name: String?
    private let run: @Sendable () -> Void
    private let state = Mutex(State.running([]))

    init(name: String?, run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }

    func execute() {
        if let name = self.name { linux_name_thread(name) }
        self.run()
        let waiting = self.state.withLock { state in
            defer { state = .ended }
            guard case .running(let waiting) = state else { return [CheckedContinuation<Void, Never>]() }
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when the body has.
    func ended() async {
        await withCheckedContinuation { continuation in
            let hasEnded = self.state.withLock { state in
                guard case .running(let waiting) = state else { return true }
                state = .running(waiting + [continuation])
                return false
            }
            if hasEnded { continuation.resume() }
        }
    }
}
