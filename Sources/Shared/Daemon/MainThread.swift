import Glibc
package import Logging
import Settings

/// The main thread of a service: it starts the work elsewhere and waits for signals as long as the process lives.
///
/// An `async` main would not do. On Linux its thread ends up in `sigsuspend` with an empty mask, where SIGTERM kills;
/// and the kernel forgets that a process is to die with its parent when the thread that asked for it ends.
package enum MainThread {
    /// Runs a service until it is over, and ends the process with the status it returns.
    ///
    /// The first SIGTERM or SIGINT requests the termination and sets the drain alarm; further ones change nothing,
    /// since a process told twice to stop does not hurry. One that came before ends the process at once, with 0. What
    /// `service` throws is logged and ends the process: a `ProcessFailure` with its own status, a `SettingsError` with
    /// 78, everything else with 70.
    ///
    /// - Parameters:
    ///   - drain: how long the service may take from the first signal on; 2 s later the process is killed.
    ///   - logger: for the reason of an end that is no clean stop.
    ///   - reload: called on the main thread for each SIGHUP, and may block; nil: SIGHUP is a warning.
    ///   - service: returns when everything is drained.
    package static func serve(
        drain: Duration, logger: Logger, reload: (@Sendable () -> Void)? = nil,
        _ service: @escaping @Sendable (Termination) async throws -> ExitStatus
    ) -> Never {
        StopSignals.block()
        if let signal = StopSignals.pendingStop() {
            logger.notice("stopped before it began", metadata: ["signal": "\(StopSignals.name(of: signal))"])
            Self.end(.success)
        }
        let termination = Termination()
        // The root of every other task: nothing can be its parent, and the process ends with it.
        Task.detached {
            Self.end(await Self.status(of: service, termination, logger))
        }
        while true {
            let signal = StopSignals.next()
            guard signal != SIGHUP else {
                Self.hungUp(reload, termination, logger)
                continue
            }
            guard !termination.isRequested else { continue }
            DrainAlarm.set(drain: drain)
            termination.request()
            logger.notice("stopping", metadata: ["signal": "\(StopSignals.name(of: signal))"])
        }
    }

    private static func hungUp(_ reload: (() -> Void)?, _ termination: Termination, _ logger: Logger) {
        guard let reload else {
            logger.warning(
                "SIGHUP is passed over, since this process reads its configuration at its start only; restart it")
            return
        }
        if !termination.isRequested { reload() }
    }

    /// Ends the process at once, without `atexit` handlers: those of C libraries do not expect threads still at work.
    package static func end(_ status: ExitStatus) -> Never {
        fflush(nil)
        _exit(status.rawValue)
    }

    private static func status(
        of service: @Sendable (Termination) async throws -> ExitStatus, _ termination: Termination, _ logger: Logger
    ) async -> ExitStatus {
        do {
            return try await service(termination)
        } catch let failure as ProcessFailure {
            logger.critical("\(failure.message)")
            return failure.status
        } catch let error as SettingsError {
            for problem in error.problems { logger.critical("\(problem)") }
            return .configuration
        } catch {
            logger.critical("internal error: \(error); tell us of it")
            return .software
        }
    }
}
