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
    /// - Throws: `SettingsError` naming all that is wrong, and where accounts would have to be spread by a hash, which
    ///   this version does not do.
    init(reading source: SettingsSource) throws(SettingsError) {
        self.settings = try SupervisorSettings.read(from: source)
        self.source = source
        var reader = SettingsReader(source)
        if case .processes = self.settings.workers {
            reader.problem(
                Variables.egressWorkers.name,
                "expected per-account: spreading accounts over processes is not available yet")
        }
        if self.settings.shard.count != 1 {
            reader.problem(Variables.supervisorShard.name, "expected 1/1: sharding is not available yet")
        }
        try reader.finish()
    }

    /// The status of a supervisor that has no worker.
    var idleReason: String { "no account falls to shard \(self.settings.shard)" }

    /// The workers in the order of their start: the ingress first, then the egress workers by account name.
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
        for account in self.settings.accounts {
            for replica in 1...self.settings.replicas {
                plans.append(
                    WorkerPlan(
                        component: .egress, name: Self.name(of: account.name, replica: replica),
                        accounts: [account.name], executable: executables.path(of: "whatsapp-egress"),
                        arguments: ["run"] + supervised + ["--account", account.name.value],
                        environment: WorkerEnvironment.egress(
                            from: self.source, accounts: [account], additions: self.additions)))
            }
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

    /// Such as `egress-sales`; the second of several replicas is `egress-sales#2`.
    private static func name(of account: AccountName, replica: Int) -> String {
        replica == 1 ? "egress-\(account)" : "egress-\(account)#\(replica)"
    }
}
