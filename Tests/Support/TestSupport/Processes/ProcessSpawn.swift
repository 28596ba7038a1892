import Foundation
import NIOPosix

/// What is needed to start one process, and the starting itself.
struct ProcessSpawn: Sendable {
    struct Started: Sendable {
        let processID: pid_t
        let standardOutput: Int32
        let standardError: Int32
    }

    let executable: String
    let arguments: [String]
    let environment: [String: String]
    let workingDirectory: String?
    /// The process' descriptor number, and the one here that becomes it.
    let descriptors: [Int32: Int32]

    /// The kernel ties the parent-death signal to the thread that spawned: all spawning is done by one that never ends.
    private static let spawner: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 1)
        pool.start()
        return pool
    }()

    /// Arms the parent-death signal, then becomes the executable; part of util-linux, which Debian cannot be without.
    private static let guardian = "/usr/bin/setpriv"

    func run() async throws -> Started {
        guard access(self.executable, X_OK) == 0 else { throw SystemCallFailure("execute \(self.executable)") }
        return try await Self.spawner.runIfActive { try self.spawn() }
    }

    private func spawn() throws -> Started {
        let output = try Self.pipe()
        var toClose = [output.writing]
        var toCloseOnFailure = [output.reading]
        defer { (toClose + toCloseOnFailure).forEach { close($0) } }
        let error = try Self.pipe()
        toClose.append(error.writing)
        toCloseOnFailure.append(error.reading)
        let processID = try self.spawn(output: output.writing, error: error.writing, toClose: &toClose)
        toCloseOnFailure = []
        return Started(processID: processID, standardOutput: output.reading, standardError: error.reading)
    }

    private func spawn(output: Int32, error: Int32, toClose: inout [Int32]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Copies with high numbers: no target can overwrite another's source before its turn.
        var copies: [(target: Int32, source: Int32)] = []
        for (target, source) in self.descriptors {
            let copy = fcntl(source, F_DUPFD_CLOEXEC, 256)
            guard copy >= 0 else { throw SystemCallFailure("dup") }
            toClose.append(copy)
            copies.append((target, copy))
        }
        // Libraries may hold descriptors that are not closed by an execution; the process should see none of them.
        let needed = [output, error] + copies.map(\.source)
        for descriptor in Self.openDescriptors() where descriptor > 2 && !needed.contains(descriptor) {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, error, 2)
        for (target, copy) in copies { posix_spawn_file_actions_adddup2(&actions, copy, target) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let place = self.workingDirectory.map { ["/usr/bin/env", "-C", $0] } ?? []
        let words = [Self.guardian, "--pdeathsig", "KILL", "--"] + place + [self.executable] + self.arguments
        var processID = pid_t()
        let result = Self.withCStrings(words) { words in
            Self.withCStrings(self.environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(&processID, Self.guardian, &actions, &attributes, words, environment)
            }
        }
        guard result == 0 else { throw SystemCallFailure("posix_spawn", number: result) }
        return processID
    }

    private static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        // No race with another spawning: all of them are done by this thread.
        guard Glibc.pipe(&ends) == 0 else { throw SystemCallFailure("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func openDescriptors() -> [Int32] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return (names ?? []).compactMap { Int32($0) }
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) throws -> Result
    ) rethrows -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        pointers.append(nil)
        return try body(pointers)
    }
}
