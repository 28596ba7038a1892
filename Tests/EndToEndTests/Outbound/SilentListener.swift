import Glibc
import TestSupport

/// A TCP port that takes connections and never says or reads anything.
final class SilentListener: Sendable {
    let port: Int
    private let descriptor: Int32

    /// - Throws: `SystemCallFailure`.
    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemCallFailure("socket") }
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> Int32 in
                // The kernel completes the connections; nobody accepts them.
                guard bind(descriptor, generic, size) == 0, listen(descriptor, 64) == 0 else { return -1 }
                return getsockname(descriptor, generic, &size)
            }
        }
        self.port = Int(UInt16(bigEndian: address.sin_port))
        guard result == 0 else { throw SystemCallFailure("listen") }
    }

    deinit {
        close(self.descriptor)
    }
}
