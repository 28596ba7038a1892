import Addressing
import Daemon
import Glibc
import Settings

/// Which workers there are, and what each is started with: one reading of the configuration, made anew by a reload.
struct SupervisorAssembly {
    let settings: SupervisorSettings
    /// What the settings were read from; workers get their part of it.
    let source: SettingsSource

    /// Reads and checks the whole configuration.
    ///
    /// - Throws: `SettingsError` naming all that is wrong.
    init(reading source: SettingsSource) throws(SettingsError) {
        self.settings = try SupervisorSettings.read(from: source)
        self.source = source
    }

    /// The status of a supervisor that has no worker.
    var idleReason: String { "no account falls to shard \(self.settings.shard)" }

    /// The workers in the order of their start: the ingress first, then the egress workers by account or index.
    ///
    /// - Parameters:
    ///   - executables: where the executables are.
    ///   - supervisor: the process ID that the workers are to die with.
    ///   - listener: the ingress' listening socket.
    func plans(executables: ExecutableDirectory, supervisor: pid_t, listener: Int32?) -> [WorkerPlan] {
        let supervised = ["--supervised", "\(supervisor)"]
        var plans: [WorkerPlan] = []
        if self.settings.components.contains(.ingress) {
            plans.append(
                WorkerPlan(
                    component: .ingress, name: "ingress", accounts: [],
                    executable: executables.path(of: "whatsapp-ingress"), arguments: supervised,
                    environment: WorkerEnvironment.ingress(
                        from: self.source, accounts: self.settings.accounts, additions: self.additions),
                    listener: listener))
        }
        let accounts = Dictionary(uniqueKeysWithValues: self.settings.accounts.map { ($0.name, $0) })
        for place in self.settings.spread.places {
            plans.append(
                WorkerPlan(
                    component: .egress, name: place.name, accounts: place.accounts,
                    executable: executables.path(of: "whatsapp-egress"),
                    arguments: ["run"] + supervised + place.accounts.flatMap { ["--account", $0.value] },
                    environment: WorkerEnvironment.egress(
                        from: self.source, accounts: place.accounts.compactMap { accounts[$0] },
                        additions: self.additions)))
        }
        return plans
    }

    /// How often a worker is to show that it works, as systemd says it: without `WATCHDOG_PID`, which cannot be known
    /// before there is a process. A worker that has to ping more often must be replaced.
    private var additions: [String: String] {
        guard let watchdog = self.settings.watchdog else { return [:] }
        let (seconds, attoseconds) = watchdog.components
        return ["WATCHDOG_USEC": "\(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)"]
    }
}
