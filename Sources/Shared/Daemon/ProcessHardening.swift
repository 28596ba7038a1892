import CLinux
import Glibc

/// What a process takes away from itself before it reads a secret.
package enum ProcessHardening {
    /// Keeps other processes of the same user from reading this one's environment and memory, and leaves no core dump.
    ///
    /// - Throws: `ProcessFailure` (70) when the kernel refuses, which Linux does not do.
    package static func makeUndumpable() throws(ProcessFailure) {
        guard linux_set_undumpable() == 0 else {
            throw ProcessFailure(.software, "this process cannot be made undumpable: \(errnoText())")
        }
    }

    /// Has the kernel send SIGTERM to this process when its parent dies, however it dies.
    ///
    /// Must be called on the main thread: the setting belongs to the thread that asks for it, and is lost with it.
    ///
    /// - Parameter parent: the process that is expected to be the parent still.
    /// - Throws: `ProcessFailure` (69) when the parent has died already, since no signal would tell.
    package static func dieWithParent(_ parent: Int32) throws(ProcessFailure) {
        guard linux_set_parent_death_signal(SIGTERM) == 0 else {
            throw ProcessFailure(.software, "the parent's death cannot be watched: \(errnoText())")
        }
        guard getppid() == parent else {
            throw ProcessFailure(.unavailable, "process \(parent), which is to be the parent, is not: it has died")
        }
    }

    /// Makes signals that a service has no use for harmless: writing to what nobody reads, or to a terminal from the
    /// background, is an error to handle and not the end.
    package static func ignoreStraySignals() {
        for stray in [SIGPIPE, SIGTTOU, SIGUSR1, SIGUSR2] {
            signal(stray, SIG_IGN)
        }
    }
}
