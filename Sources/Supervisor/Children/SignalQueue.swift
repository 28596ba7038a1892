import CLinux
import Daemon
import Glibc

/// The signals that concern a supervisor, as a descriptor that can be polled.
///
/// They are blocked in the calling thread; to be made before another thread is started, which inherits that.
final class SignalQueue {
    let descriptor: Int32

    /// - Throws: `ProcessFailure` (70) when the kernel has no descriptor to give.
    init() throws(ProcessFailure) {
        StopSignals.block()
        var set = StopSignals.set
        sigaddset(&set, SIGCHLD)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // A child whose end is ignored would be reaped by the kernel; whoever started this process may have left it so.
        signal(SIGCHLD, SIG_DFL)
        self.descriptor = signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
        guard self.descriptor >= 0 else { throw ProcessFailure(.software, "no signal descriptor: \(errnoText())") }
    }

    deinit {
        close(self.descriptor)
    }

    /// The next signal that has come, oldest first; nil when there is none.
    func next() -> Int32? {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        guard read(self.descriptor, &info, size) == size else { return nil }
        return Int32(info.ssi_signo)
    }
}
