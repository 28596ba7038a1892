import Glibc
import Settings

/// The configuration that is in force, and the way to read it anew.
struct Configuration {
    private let load: () -> SettingsSource
    private let executables: ExecutableDirectory
    private let listener: Int32?
    private let start: SettingsSource
    private(set) var assembly: SupervisorAssembly

    /// - Parameters:
    ///   - assembly: the configuration as it was at the start.
    ///   - listener: the ingress' listening socket.
    ///   - load: gathers the variables of this process anew.
    init(
        _ assembly: SupervisorAssembly, executables: ExecutableDirectory, listener: Int32?,
        load: @escaping () -> SettingsSource
    ) {
        self.assembly = assembly
        self.start = assembly.source
        self.executables = executables
        self.listener = listener
        self.load = load
    }

    /// Reads all anew; where anything is wrong nothing changes.
    ///
    /// - Returns: the variables that say something else than at the start, and that only a restart changes.
    /// - Throws: `SettingsError` naming all that is wrong.
    mutating func reload() throws(SettingsError) -> [String] {
        let source = self.load()
        let read = try SupervisorAssembly(reading: source)
        let changed = FixedVariables.changed(from: self.start, to: source)
        self.assembly =
            changed.isEmpty
            ? read : try SupervisorAssembly(reading: FixedVariables.kept(from: self.start, in: source))
        return changed
    }

    /// The workers in the order of their start.
    var plans: [WorkerPlan] {
        self.assembly.plans(executables: self.executables, supervisor: getpid(), listener: self.listener)
    }

    /// What each of them is given.
    var terms: ChildLife.Terms {
        ChildLife.Terms(drain: self.assembly.settings.drain, watchdog: self.assembly.settings.watchdog)
    }
}
