import Settings

/// Where one worker shows its health and readiness: a Unix socket in the supervisor's private directory, at the same
/// path as often as the worker is started.
struct AdminSocket: Hashable, Sendable {
    /// What the kernel takes as the path of a socket, in bytes.
    private static let longestPath = 107

    let path: String

    /// `<worker>.<number>.sock`; where that makes too long a path, the number alone, which two workers never share
    /// either: not even those of which one takes the place of the other.
    init(of worker: String, _ id: WorkerID, in directory: String) {
        let path = "\(directory)/\(worker).\(id.number).sock"
        self.path = path.utf8.count <= Self.longestPath ? path : "\(directory)/\(id.number)"
    }

    /// As the worker's environment has it.
    var address: AdminAddress { .unix(path: self.path) }
}
