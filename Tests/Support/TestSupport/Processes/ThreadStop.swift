package import Foundation

/// One thread of another process, stopped as a debugger stops it while the others run; goes on when this is let go of.
///
/// Needs the right to trace the process: CAP_SYS_PTRACE for one that is undumpable.
package final class ThreadStop: Sendable {
    private let mayGoOn: DispatchSemaphore

    /// Stops the thread and returns when it has stopped.
    ///
    /// - Parameter name: what `ps -T` shows.
    /// - Throws: `SystemCallFailure` when there is no such thread, or it may not be traced.
    package init(threadNamed name: String, of processID: pid_t) throws {
        let thread = try Self.thread(named: name, of: processID)
        let hasStopped = DispatchSemaphore(value: 0)
        let mayGoOn = DispatchSemaphore(value: 0)
        let failure = Watched<SystemCallFailure?>(nil)
        self.mayGoOn = mayGoOn
        // A tracee belongs to the thread that traces it, and goes on when that one ends.
        Thread.detachNewThread {
            if Self.trace(0x4206, thread) != 0 || Self.trace(0x4207, thread) != 0 {  // PTRACE_SEIZE, PTRACE_INTERRUPT
                let failed = SystemCallFailure("ptrace")
                failure.update { $0 = failed }
                hasStopped.signal()
                return
            }
            var status: Int32 = 0
            waitpid(thread, &status, 0x4000_0000)  // __WALL
            hasStopped.signal()
            mayGoOn.wait()
            _ = Self.trace(17, thread)  // PTRACE_DETACH
        }
        hasStopped.wait()
        if let failure = failure.current { throw failure }
    }

    deinit {
        self.mayGoOn.signal()
    }

    private static func thread(named name: String, of processID: pid_t) throws -> pid_t {
        let tasks = "/proc/\(processID)/task"
        let thread = (try? FileManager.default.contentsOfDirectory(atPath: tasks))?.first { task in
            (try? String(contentsOfFile: "\(tasks)/\(task)/comm", encoding: .utf8)) == name + "\n"
        }
        guard let number = thread.flatMap(pid_t.init) else {
            errno = ESRCH
            throw SystemCallFailure("thread \(name)")
        }
        return number
    }

    /// glibc's own function takes any number of arguments, which Swift does not call by name.
    private static func trace(_ request: Int, _ thread: pid_t) -> Int {
        typealias Call = @convention(c) (Int, Int, Int, Int) -> Int
        guard let symbol = dlsym(nil, "ptrace") else { return -1 }
        return unsafeBitCast(symbol, to: Call.self)(request, Int(thread), 0, 0)
    }
}
