/// What it takes to start a worker, as often as need be.
struct WorkerPlan: Hashable, Sendable {
    /// What the log and the status call it, such as `egress-sales`.
    let name: String
    /// The path of the executable.
    let executable: String
    /// What follows the executable's name; nothing secret, since every user of the machine can read it.
    let arguments: [String]
    /// The whole environment, but for where to send notices.
    let environment: WorkerEnvironment
    /// A listening socket to pass on, as systemd does; the descriptor remains the supervisor's.
    var listener: Int32?
}
