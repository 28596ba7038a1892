import Glibc

/// Which file an executable is, as far as a look at the file system tells: another one, or the same written anew, has
/// another identity.
struct ExecutableIdentity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
    let size: Int64
    /// When its content was last modified, in seconds and nanoseconds.
    let modified: [Int]

    init(device: UInt64, inode: UInt64, size: Int64, modified: [Int]) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
    }

    /// Fails where there is no such file.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.device = UInt64(status.st_dev)
        self.inode = UInt64(status.st_ino)
        self.size = Int64(status.st_size)
        self.modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    }
}
