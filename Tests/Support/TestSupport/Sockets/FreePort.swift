import Glibc
import Synchronization

/// Finds TCP ports at which nothing listens.
package enum FreePort {
    /// Below those that the kernel gives to outgoing connections, so that none of them takes the port in between.
    private static let range = 10_240..<32_768
    private static let given = Mutex<Set<Int>>([])

    /// A port of 127.0.0.1 that was free a moment ago; this process is never given it again.
    ///
    /// Where a server can be told to choose its port itself (port 0), that is better: nobody can come in between.
    package static func find() throws -> Int {
        let (descriptor, port) = try self.bound()
        close(descriptor)
        return port
    }

    /// A socket that is bound to such a port, and the port.
    static func bound() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemCallFailure("socket") }
        for _ in 0..<1000 {
            let port = Int.random(in: self.range)
            if self.given.withLock({ $0.insert(port).inserted }), self.bind(descriptor, to: port) {
                return (descriptor, port)
            }
        }
        close(descriptor)
        throw SystemCallFailure("bind", number: EADDRINUSE)
    }

    private static func bind(_ descriptor: Int32, to port: Int) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
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
