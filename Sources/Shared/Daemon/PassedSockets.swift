import CSystemd
import Glibc

/// Listening sockets that were open before this process was: a restart of their user refuses no connection.
package enum PassedSockets {
    /// Takes the sockets that systemd or the supervisor passed on, lowest first, and forgets of them in the
    /// environment.
    ///
    /// - Parameter isSupervised: whether the supervisor started this process. It cannot know the process ID that
    ///   `LISTEN_PID` has to name, since a process gets its environment before it has one.
    /// - Returns: descriptors, closed on `exec`; none where none was passed to this very process.
    package static func take(isSupervised: Bool) -> [Int32] {
        if isSupervised, getenv("LISTEN_FDS") != nil { setenv("LISTEN_PID", "\(getpid())", 1) }
        let count = sd_listen_fds(1)
        guard count > 0 else { return [] }
        return (0..<count).map { SD_LISTEN_FDS_START + $0 }
    }
}
