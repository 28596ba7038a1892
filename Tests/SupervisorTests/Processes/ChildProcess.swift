import Foundation
import Glibc
import Synchronization

/// A child of the test's own; Foundation's would be told of as ended only once everything is gone that another test
/// started at the same moment, since that inherits the socket on which it listens.
final class ChildProcess {
    /// While it is held no child is started, which would inherit what is open then.
    private static let starting = Mutex<Void>(())

    let pid: pid_t
    /// How it ended: its exit status, or minus the signal that killed it; nil while its process ID is its own.
    private var end: Int32?

    /// Starts a command in a process group of its own.
    ///
    /// - Parameters:
    ///   - words: the path of the executable, and its arguments.
    ///   - input: its stdin; /dev/null without.
    ///   - log: its stderr; the test's own without.
    init(
        _ words: [String], environment: [String: String], in directory: String, input: Int32? = nil, log: Int32? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        if let log { posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))

        let command = ["/usr/bin/env", "-C", directory] + words
        var argv = command.map { strdup($0) } + [nil]
        var envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var pid = pid_t()
        let result = Self.starting.withLock { _ in
            posix_spawn(&pid, command[0], &actions, &attributes, &argv, &envp)
        }
        guard result == 0 else { throw NoSuchFact(what: "\(words[0]): \(String(cString: strerror(result)))") }
        self.pid = pid
    }

    deinit {
        self.signal(SIGKILL)
        while self.ending() == nil, errno != ECHILD { usleep(1000) }
    }

    /// A pipe that no child inherits.
    static func pipe() throws -> (reading: Int32, writing: Int32) {
        try Self.starting.withLock { _ in
            var ends: [Int32] = [-1, -1]
            guard Glibc.pipe(&ends) == 0 else { throw NoSuchFact(what: "a pipe") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return (ends[0], ends[1])
        }
    }

    func signal(_ signal: Int32) { if self.end == nil { kill(self.pid, signal) } }

    /// How it ended; nil while it runs.
    func ending() -> Int32? {
        if let end = self.end { return end }
        var status: Int32 = 0
        guard waitpid(self.pid, &status, WNOHANG) == self.pid else { return nil }
        let signal = status & 0x7F
        self.end = signal == 0 ? (status >> 8) & 0xFF : -signal
        return self.end
    }
}
