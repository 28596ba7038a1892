import Addressing
import Settings

/// What it takes to start a worker, as often as need be.
///
/// Equal plans mean that a worker need not be replaced: what belongs to one process alone, such as its sockets' paths,
/// is added when it is spawned.
struct WorkerPlan: Hashable, Sendable {
    let component: Component
    /// What the log and the status call it, such as `egress-sales`; no other plan of the configuration has it.
    let name: String
    /// The accounts that it alone, or its replicas too, serves, sorted; none for the ingress, which knows them all.
    let accounts: [AccountName]
    /// The path of the executable.
    let executable: String
    /// What follows the executable's name; nothing secret, since every user of the machine can read it.
    let arguments: [String]
    /// The environment, but for what belongs to one process alone.
    let environment: WorkerEnvironment
    /// A listening socket to pass on, as systemd does; the descriptor remains the supervisor's.
    var listener: Int32?
}
