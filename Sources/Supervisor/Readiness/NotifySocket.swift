import CLinux
import Daemon
import Glibc

/// Where the workers send their notices: a datagram socket in a directory that is this user's alone.
///
/// One a life, with a random name; the kernel says who sent each datagram.
final class NotifySocket {
    /// What one datagram was.
    enum Notice: Hashable {
        case message(NotifyMessage, sender: pid_t)
        /// It was cut, or its sender is not known.
        case unreadable
    }

    /// A status at its longest fits many times over.
    private static let bufferSize = 4096

    let descriptor: Int32
    /// What workers get as their `NOTIFY_SOCKET`.
    let path: String
    /// This user's alone, and gone with the socket, whatever workers have left in it.
    let directory: String

    /// - Parameter parent: the directory to make one's own in.
    /// - Throws: `ProcessFailure` (70) naming what could not be made.
    init(below parent: String) throws(ProcessFailure) {
        var template = Array("\(parent)/whatsapp-XXXXXX".utf8CString)
        // mkdtemp's directories have mode 0700.
        guard mkdtemp(&template) != nil else {
            throw ProcessFailure(.software, "no directory for the notify socket below \(parent): \(errnoText())")
        }
        let directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let path = "\(directory)/\(String(UInt64.random(in: .min ... .max), radix: 16))"
        let descriptor = socket(AF_UNIX, Self.type, 0)
        guard descriptor >= 0, Self.bind(descriptor, to: path) else {
            let reason = errnoText()
            if descriptor >= 0 { close(descriptor) }
            rmdir(directory)
            throw ProcessFailure(.software, "no notify socket at \(path): \(reason)")
        }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_PASSCRED, &on, socklen_t(MemoryLayout<Int32>.size))
        self.descriptor = descriptor
        self.path = path
        self.directory = directory
    }

    deinit {
        close(self.descriptor)
        Self.removeAll(in: self.directory)
        rmdir(self.directory)
    }

    /// `$RUNTIME_DIRECTORY`, the first of several, else the directory for temporary files.
    static func parentDirectory(runtimeDirectory: String?, temporaryDirectory: String?) -> String {
        let runtime = runtimeDirectory?.split(separator: ":").first.map { String($0) }
        return runtime ?? temporaryDirectory.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    }

    /// The next datagram; nil when there is none.
    func receive() -> Notice? {
        withUnsafeTemporaryAllocation(byteCount: Self.bufferSize, alignment: 1) { buffer in
            withUnsafeTemporaryAllocation(byteCount: 256, alignment: MemoryLayout<cmsghdr>.alignment) { control in
                var part = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
                return withUnsafeMutablePointer(to: &part) { part in
                    var header = msghdr()
                    header.msg_iov = part
                    header.msg_iovlen = 1
                    header.msg_control = control.baseAddress
                    header.msg_controllen = control.count
                    let flags = Int32(MSG_DONTWAIT | MSG_CMSG_CLOEXEC)
                    var length = recvmsg(self.descriptor, &header, flags)
                    while length < 0, errno == EINTR { length = recvmsg(self.descriptor, &header, flags) }
                    guard length >= 0 else { return nil }
                    let sender = Self.sender(of: &header)
                    guard let sender, header.msg_flags & Int32(MSG_TRUNC) == 0 else { return .unreadable }
                    return .message(NotifyMessage(UnsafeRawBufferPointer(buffer).prefix(length)), sender: sender)
                }
            }
        }
    }

    /// Who sent the message; closes the descriptors that came with it. More than fit are closed by the kernel.
    private static func sender(of header: inout msghdr) -> pid_t? {
        var sender: pid_t?
        var part = linux_cmsg_first(&header)
        while let current = part {
            if current.pointee.cmsg_level == SOL_SOCKET, let data = linux_cmsg_data(current) {
                let length = linux_cmsg_data_length(current)
                if current.pointee.cmsg_type == Int32(SCM_RIGHTS) {
                    for offset in stride(from: 0, to: length - length % 4, by: 4) {
                        close(UnsafeRawPointer(data).loadUnaligned(fromByteOffset: offset, as: Int32.self))
                    }
                } else if current.pointee.cmsg_type == Int32(linux_scm_credentials),
                    length >= MemoryLayout<linux_credentials>.size
                {
                    sender = UnsafeRawPointer(data).loadUnaligned(as: linux_credentials.self).pid
                }
            }
            part = linux_cmsg_next(&header, current)
        }
        return sender
    }

    /// A worker that was killed leaves its admin socket.
    private static func removeAll(in path: String) {
        guard let directory = opendir(path) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            _ = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) {
                    unlinkat(dirfd(directory), $0, 0)
                }
            }
        }
    }

    private static var type: Int32 {
        Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    }

    private static func bind(_ descriptor: Int32, to path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            errno = ENAMETOOLONG
            return false
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
