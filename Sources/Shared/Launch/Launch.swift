package import Daemon
package import Settings

/// The first moments of a long-lived process, the same for all three executables.
package enum Launch {
    /// Hardens the process, gathers its variables and reads its settings; to be called first of all, on the main
    /// thread.
    ///
    /// The process becomes undumpable before a secret is read, and dies with the supervisor that started it. Where the
    /// settings are wrong each problem goes to stderr in a line of its own, and the process ends with 78; with
    /// `--check` it ends with 0 otherwise, having opened nothing.
    ///
    /// - Parameter read: makes the settings; throws all that is wrong with them.
    package static func settings<Value>(
        _ options: CommonOptions, read: (SettingsSource) throws(SettingsError) -> Value
    ) -> Value {
        do throws(ProcessFailure) {
            try ProcessHardening.makeUndumpable()
            ProcessHardening.ignoreStraySignals()
            if let supervisor = options.supervised { try ProcessHardening.dieWithParent(supervisor) }
        } catch {
            Self.fail(error)
        }
        // A check serves nothing: whoever has had enough of waiting for a file may end it at any moment.
        if options.check { StopSignals.unblock() }
        let settings: Value
        do throws(SettingsError) {
            settings = try read(Self.source(options))
        } catch {
            for problem in error.problems { LogOutput.printLine("\(problem)") }
            MainThread.end(.configuration)
        }
        if options.check { MainThread.end(.success) }
        return settings
    }

    /// Whether variables come from files, which can be read again.
    package static func readsFiles(_ options: CommonOptions) -> Bool {
        let mark = SettingsSource.completeMark
        return options.supervised == nil && processEnvironment()[mark.name] != mark.value
    }

    /// The variables of this process as they are now; the env files are read each time.
    package static func source(_ options: CommonOptions) -> SettingsSource {
        // What the supervisor gave is all: no .env, whatever the working directory.
        let files = options.envFiles.isEmpty && options.supervised == nil ? nil : options.envFiles
        return SettingsSource.load(envFiles: files)
    }

    /// Ends the process for a reason that is told on stderr.
    package static func fail(_ failure: ProcessFailure) -> Never {
        LogOutput.printLine(failure.message)
        MainThread.end(failure.status)
    }
}
