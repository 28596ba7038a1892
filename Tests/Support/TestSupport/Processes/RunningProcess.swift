package import Foundation

/// A process that a test has started; it does not outlive the test's own process, nor the last reference to it.
package final class RunningProcess: Sendable {
    /// How a process ended.
    package enum Ending: Hashable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    package let executable: String
    package let processID: pid_t
    package let standardOutput: ProcessOutput
    package let standardError: ProcessOutput
    private let ending: Watched<Ending?>

    /// Starts an executable in a process group of its own, with default signal dispositions and this environment alone.
    ///
    /// - Parameters:
    ///   - environment: the whole environment; nothing is inherited.
    ///   - descriptors: the process' descriptor number, and the one here that becomes it; no other but 0, 1, 2 is passed.
    ///   - folder: kept in existence until the process has ended.
    /// - Throws: `SystemCallFailure` when there is no such executable or it cannot be started.
    package static func start(
        _ executable: String, arguments: [String] = [], environment: [String: String] = [:],
        workingDirectory: String? = nil, passing descriptors: [Int32: Int32] = [:],
        keeping folder: TemporaryFolder? = nil
    ) async throws -> RunningProcess {
        let spawn = ProcessSpawn(
            executable: executable, arguments: arguments, environment: environment, workingDirectory: workingDirectory,
            descriptors: descriptors)
        return RunningProcess(executable: executable, started: try await spawn.run(), keeping: folder)
    }

    private init(executable: String, started: ProcessSpawn.Started, keeping folder: TemporaryFolder?) {
        self.executable = executable
        self.processID = started.processID
        let standardOutput = ProcessOutput()
        let standardError = ProcessOutput()
        let ending = Watched<Ending?>(nil)
        self.standardOutput = standardOutput
        self.standardError = standardError
        self.ending = ending
        // Threads, because these calls block; they hold no reference to this object, so that its deinit can end them.
        Thread.detachNewThread { Self.read(started.standardOutput, into: standardOutput) }
        Thread.detachNewThread { Self.read(started.standardError, into: standardError) }
        Thread.detachNewThread {
            withExtendedLifetime(folder) { Self.awaitEnding(of: started.processID, in: ending) }
        }
    }

    deinit {
        Self.send(SIGKILL, to: -self.processID, unless: self.ending)
    }

    /// How it ended; nil while it runs.
    package var endingSoFar: Ending? { self.ending.current }

    package var isRunning: Bool { self.endingSoFar == nil }

    /// Sends a signal to the process alone; does nothing once it has ended.
    package func signal(_ signal: Int32) {
        Self.send(signal, to: self.processID, unless: self.ending)
    }

    /// Sends a signal to its whole process group, as a terminal does for Ctrl-C.
    package func signalGroup(_ signal: Int32) {
        Self.send(signal, to: -self.processID, unless: self.ending)
    }

    package func terminate() { self.signal(SIGTERM) }
    package func kill() { self.signal(SIGKILL) }

    /// Waits until the process has ended.
    ///
    /// - Throws: `Overdue`, with the last lines of its standard error.
    @discardableResult
    package func waitForExit(within limit: Duration = .seconds(10)) async throws -> Ending {
        let standardError = self.standardError
        return try await self.ending.first(
            within: limit, what: "the end of \(self.executable), which wrote:\n\(standardError.tail)"
        ) { $0 }
    }

    private static func send(_ signal: Int32, to target: pid_t, unless ending: Watched<Ending?>) {
        // Under the lock: the number cannot have been given to another process before the ending is noted.
        ending.read { if $0 == nil { _ = Glibc.kill(target, signal) } }
    }

    private static func read(_ descriptor: Int32, into output: ProcessOutput) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count > 0 {
                output.append(buffer[..<count])
            } else if count == 0 || errno != EINTR {
                break
            }
        }
        close(descriptor)
        output.end()
    }

    private static func awaitEnding(of processID: pid_t, in ending: Watched<Ending?>) {
        var information = siginfo_t()
        while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        ending.update { ending in
            var status: Int32 = 0
            waitpid(processID, &status, 0)
            let signal = status & 0x7F
            ending = signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
        }
    }
}
