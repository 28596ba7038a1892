import Glibc
import Settings

/// A note of the admin endpoint's address, in the directory that systemd makes for the service: for `status`, whose user
/// may not read the env files.
struct AdminNote: ~Copyable {
    /// In which the unit has its `RuntimeDirectory`.
    static let standardPath = "/run/whatsapp-supervisor/admin"
    private static let limit = 512

    private let path: String

    /// Leaves a note that everybody may read; nil where that cannot be done.
    ///
    /// - Parameter directory: which belongs to this user alone to write in.
    init?(of address: AdminAddress, in directory: String) {
        let path = "\(directory)/admin"
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let text = Array("\(address)\n".utf8)
        guard write(descriptor, text, text.count) == text.count, fchmod(descriptor, 0o644) == 0 else {
            unlink(path)
            return nil
        }
        self.path = path
    }

    deinit {
        unlink(self.path)
    }

    /// What the note says; nil where there is none that can be read.
    static func read(at path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var bytes = [UInt8](repeating: 0, count: Self.limit)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 1, bytes[count - 1] == UInt8(ascii: "\n") else { return nil }
        return String(validating: bytes[..<(count - 1)], as: UTF8.self)
    }
}
