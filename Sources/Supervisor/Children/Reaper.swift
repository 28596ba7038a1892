import CLinux
import Glibc

/// Takes notice of children that have ended: first seen, then reaped, so that what they said before can be read
/// between.
enum Reaper {
    /// A child that has ended and is not reaped; nil when there is none. Until it is reaped its process ID stays its
    /// own.
    static func nextEnded() -> pid_t? {
        while true {
            let pid = linux_ended_child()
            if pid > 0 { return pid }
            guard pid < 0, errno == EINTR else { return nil }
        }
    }

    /// Reaps a child that has ended.
    static func reap(_ pid: pid_t) -> ChildEnd {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            guard errno == EINTR else { preconditionFailure("a child that has not ended was reaped") }
        }
        return linux_has_exited(status) != 0
            ? .exited(linux_exit_status(status)) : .killed(signal: linux_end_signal(status))
    }
}
