import Settings

/// Where one worker shows its health and readiness: a Unix socket in the supervisor's private directory, at the same
/// path as often as the worker is started.
struct AdminSocket: Hashable, Sendable {
    /// What the kernel takes as the path of a socket, in bytes.
    private static let longestPath = 107

    let path: String

    /// `<worker>.sock`; where that makes too long a path, 16 hex digits, as the notify socket's name has at most.
    init(of worker: String, in directory: String) {
        let path = "\(directory)/\(worker).sock"
        self.path = path.utf8.count <= Self.longestPath ? path : "\(directory)/\(Self.digest(of: worker))"
    }

    /// As the worker's environment has it.
    var address: AdminAddress { .unix(path: self.path) }

    /// FNV-1a: the same in each life of the process, unlike `Hasher`'s.
    private static func digest(of name: String) -> String {
        let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
