import Glibc

/// A Unix socket that is bound at a path, mode 0660.
final class SocketFile: Sendable {
    /// Not listened on yet; whoever takes it owns it.
    let descriptor: Int32
    private let path: String
    private let identity: Identity

    /// What tells a file from another at its path; for as long as the socket is open, no other file gets the same.
    private struct Identity: Hashable {
        let device: dev_t
        let number: ino_t
    }

    /// Binds a socket at a path; one that nobody listens on any more is replaced.
    ///
    /// - Throws: `AdminAddressError` when another process listens there, or something else than a socket lies there.
    init(path: String) throws(AdminAddressError) {
        let descriptor = try Self.open()
        do throws(AdminAddressError) {
            if try !Self.bind(descriptor, to: path) {
                try Self.removeIfStale(path)
                guard try Self.bind(descriptor, to: path) else { throw AdminAddressError(errno: EADDRINUSE) }
            }
            // Nobody can connect before listen(): there is no moment at which others may.
            guard chmod(path, 0o660) == 0, let file = Self.look(at: path) else {
                throw AdminAddressError(errno: errno)
            }
            self.descriptor = descriptor
            self.path = path
            self.identity = file.identity
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    /// Removes the file, unless another process has put its own there; to be called while the socket is open.
    func remove() {
        if Self.look(at: self.path)?.identity == self.identity { unlink(self.path) }
    }

    private static func open() throws(AdminAddressError) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw AdminAddressError(errno: errno) }
        return descriptor
    }

    /// - Returns: whether it is bound now; false where something lies at the path.
    private static func bind(_ descriptor: Int32, to path: String) throws(AdminAddressError) -> Bool {
        if Self.call(Glibc.bind, descriptor, path) == 0 { return true }
        guard errno == EADDRINUSE else { throw AdminAddressError(errno: errno) }
        return false
    }

    private static func removeIfStale(_ path: String) throws(AdminAddressError) {
        guard let file = Self.look(at: path) else { return }
        guard file.isSocket else { throw AdminAddressError("something else than a socket lies there") }
        let probe = try Self.open()
        defer { Glibc.close(probe) }
        // Refused: there is a socket, and nobody listens. All else, a full backlog too, says that somebody does.
        guard Self.call(Glibc.connect, probe, path) != 0, errno == ECONNREFUSED else {
            throw AdminAddressError(errno: EADDRINUSE)
        }
        unlink(path)
    }

    private static func look(at path: String) -> (identity: Identity, isSocket: Bool)? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return (Identity(device: status.st_dev, number: status.st_ino), status.st_mode & S_IFMT == S_IFSOCK)
    }

    private static func call(
        _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32, _ descriptor: Int32, _ path: String
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            errno = ENAMETOOLONG
            return -1
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
