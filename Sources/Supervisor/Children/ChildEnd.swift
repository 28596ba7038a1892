import Daemon

/// How a child process came to its end.
enum ChildEnd: Hashable {
    case exited(Int32)
    case killed(signal: Int32)
    /// There was no process: the executable could not be started.
    case notSpawned(reason: String)
}

extension ChildEnd: CustomStringConvertible {
    /// Such as `exit status 78 (bad configuration)` or `killed by SIGKILL`.
    var description: String {
        switch self {
        case .exited(let status):
            ExitStatus(rawValue: status).map { "exit status \(status) (\($0))" } ?? "exit status \(status)"
        case .killed(let signal): "killed by \(StopSignals.name(of: signal))"
        case .notSpawned(let reason): "could not be started: \(reason)"
        }
    }
}
