import Addressing
import Daemon
import Glibc
import Settings

/// Which workers there are, and what each is started with.
struct SupervisorAssembly {
    let settings: SupervisorSettings
    private let source: SettingsSource

    /// - Parameter source: what the settings were read from; workers get their part of it.
    /// - Throws: `SettingsError` where accounts would have to be spread by a hash, which this version does not do.
    init(_ settings: SupervisorSettings, source: SettingsSource) throws(SettingsError) {
        self.settings = settings
        self.source = source
        var reader = SettingsReader(source)
        if case .processes = settings.workers {
            reader.problem(
                Variables.egressWorkers.name,
                "expected per-account: spreading accounts over processes is not available yet")
        }
        if settings.shard.count != 1 {
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
    ///   - privateDirectory: where the workers' admin sockets are to lie.
    ///   - listener: the ingress' listening socket.
    func plans(
        executables: ExecutableDirectory, supervisor: pid_t, privateDirectory: String, listener: Int32?
    ) -> [WorkerPlan] {
        let supervised = ["--supervised", "\(supervisor)"]
        var plans: [WorkerPlan] = []
        if self.settings.components.contains(.ingress) {
            let admin = AdminSocket(of: "ingress", in: privateDirectory)
            plans.append(
                WorkerPlan(
                    name: "ingress", executable: executables.path(of: "whatsapp-ingress"), arguments: supervised,
                    environment: WorkerEnvironment.ingress(
                        from: self.source, accounts: self.settings.accounts,
                        additions: [Variables.ingressAdmin.name: "\(admin.address)"]),
                    listener: listener))
        }
        for account in self.settings.accounts {
            for replica in 1...self.settings.replicas {
                let name = Self.name(of: account.name, replica: replica)
                let admin = AdminSocket(of: name, in: privateDirectory)
                plans.append(
                    WorkerPlan(
                        name: name, executable: executables.path(of: "whatsapp-egress"),
                        arguments: ["run"] + supervised + ["--account", account.name.value],
                        environment: WorkerEnvironment.egress(
                            from: self.source, accounts: [account],
                            additions: [Variables.egressAdmin.name: "\(admin.address)"])))
            }
        }
        return plans
    }

    /// Such as `egress-sales`; the second of several replicas is `egress-sales#2`.
    private static func name(of account: AccountName, replica: Int) -> String {
        replica == 1 ? "egress-\(account)" : "egress-\(account)#\(replica)"
    }
}
