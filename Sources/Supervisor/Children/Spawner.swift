import CLinux
import Daemon
import Glibc

/// Starts worker processes, each in a process group of its own, with default signal dispositions and an empty mask.
///
/// A worker gets /dev/null as its stdin, stdout and stderr as they are, its listening socket as descriptor 3, and no
/// other. The kernel signals a worker when the *thread* that spawned it ends: to be called on the one permanent thread
/// alone.
enum Spawner {
    /// - Parameters:
    ///   - further: arguments that follow the plan's, for this process alone.
    ///   - own: `NAME=VALUE` for each variable that is this process' alone.
    /// - Returns: the process ID, or why there is none.
    static func spawn(_ plan: WorkerPlan, further: [String], own: [String]) -> Result<pid_t, SpawnError> {
        let arguments = [plan.executable] + plan.arguments + further
        var variables = plan.environment.entries + own

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        var firstClosed = STDERR_FILENO + 1
        if let listener = plan.listener {
            posix_spawn_file_actions_adddup2(&actions, listener, firstClosed)
            firstClosed += 1
            variables.append("LISTEN_FDS=1")
        }
        _ = linux_spawn_close_from(&actions, firstClosed)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        var none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var pid: pid_t = 0
        let result = withCStrings(arguments) { argv in
            withCStrings(variables) { envp in posix_spawn(&pid, plan.executable, &actions, &attributes, argv, envp) }
        }
        return result == 0 ? .success(pid) : .failure(SpawnError(code: result))
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
    }
}

/// The kernel did not start a process.
struct SpawnError: Error, CustomStringConvertible {
    /// An `errno` value.
    let code: Int32

    var description: String { errnoText(self.code) }
}
