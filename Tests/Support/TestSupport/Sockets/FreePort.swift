import Glibc

/// Finds TCP ports at which nothing listens.
package enum FreePort {
    /// A port of 127.0.0.1 that was free a moment ago: the kernel's choice, given back at once.
    ///
    /// Where a server can be told to choose its port itself (port 0), that is better: nobody can come in between.
    package static func find() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemCallFailure("socket") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> Int32 in
                let bound = bind(descriptor, generic, size)
                return bound == 0 ? getsockname(descriptor, generic, &size) : bound
            }
        }
        guard result == 0 else { throw SystemCallFailure("bind") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// A system call failed; it holds the call's name and `errno`.
package struct SystemCallFailure: Error, Hashable, CustomStringConvertible {
    package let call: String
    package let number: Int32

    package init(_ call: String, number: Int32 = errno) {
        self.call = call
        self.number = number
    }

    package var description: String { "\(self.call): \(String(cString: strerror(self.number)))" }
}
