import CLinux
import Glibc

/// Runs `body` on a new thread of its own, which blocks all signals; for work that may block.
///
/// - Parameter name: what `ps -T` and a debugger show, at most 15 bytes.
package func startThread(named name: String? = nil, _ body: @escaping @Sendable () -> Void) {
    let context = Unmanaged.passRetained(ThreadBody(name: name, run: body))
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let result = pthread_create(
        &thread, nil,
        { context in
            let body = Unmanaged<ThreadBody>.fromOpaque(context!).takeRetainedValue()
            if let name = body.name { linux_name_thread(name) }
            body.run()
            return nil
        }, context.toOpaque())
    guard result == 0 else { preconditionFailure("no thread to be had: \(errnoText(result))") }
    pthread_detach(thread)
}

private final class ThreadBody: Sendable {
    let name: String?
    let run: @Sendable () -> Void

    init(name: String?, run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}
