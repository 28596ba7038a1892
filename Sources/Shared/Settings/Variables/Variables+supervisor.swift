extension Variables {
    package static let egressWorkers = Variable(
        "EGRESS_WORKERS", .workerSpread(in: 1...1024), default: "per-account",
        "a process for each account, or so many processes for all")
    package static let egressReplicas = Variable(
        "EGRESS_REPLICAS", .integer(in: 1...64), default: "1",
        "processes for each account, or for each of EGRESS_WORKERS")
    package static let supervisorComponents = Variable(
        "SUPERVISOR_COMPONENTS", .components, default: "egress", "what the supervisor forks")
    package static let supervisorShard = Variable(
        "SUPERVISOR_SHARD", .shard(of: 1024), default: "1/1",
        "this host serves the accounts whose hash falls to shard i of n")
    package static let supervisorDrain = Variable(
        "SUPERVISOR_DRAIN_MS", .milliseconds(in: 1...3_600_000), default: "20000",
        "how long a process may take to finish what it has")
    package static let supervisorWatchdog = Variable(
        "SUPERVISOR_WATCHDOG_MS", ValueForm<Duration>.millisecondsOrOff(in: 100...3_600_000), default: "10000",
        "a worker that shows no progress for so long is replaced; 0: off")
    package static let supervisorAdmin = Variable(
        "SUPERVISOR_ADMIN", .adminAddress, default: "127.0.0.1:9181",
        "health, readiness and metrics of the supervisor and its workers")
}
