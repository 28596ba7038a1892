import Daemon
import Glibc

/// The socket on which the ingress listens, held by the supervisor for life so that its restart refuses no connection.
final class ListeningSocket {
    let descriptor: Int32

    /// Takes over a socket that systemd passed on.
    init(passed descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Listens at a host and port.
    ///
    /// - Throws: `ProcessFailure` (69) when none of the host's addresses can be bound.
    init(host: String, port: Int) throws(ProcessFailure) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(host, "\(port)", &hints, &list)
        guard result == 0 else {
            throw ProcessFailure(
                .unavailable, "\(host):\(port) cannot be bound: \(String(cString: gai_strerror(result)))")
        }
        defer { freeaddrinfo(list) }
        var reason = "no address"
        var entry = list
        while let address = entry?.pointee {
            if let descriptor = Self.listen(at: address) {
                self.descriptor = descriptor
                return
            }
            reason = errnoText()
            entry = address.ai_next
        }
        throw ProcessFailure(.unavailable, "\(host):\(port) cannot be bound: \(reason)")
    }

    deinit {
        close(self.descriptor)
    }

    /// The TCP port that it listens at; nil where it is no such socket.
    var port: Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard getsockname(self.descriptor, address, &length) == 0 else { return nil }
                switch Int32(address.pointee.sa_family) {
                case AF_INET:
                    return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                        Int(UInt16(bigEndian: $0.pointee.sin_port))
                    }
                case AF_INET6:
                    return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                        Int(UInt16(bigEndian: $0.pointee.sin6_port))
                    }
                default: return nil
                }
            }
        }
    }

    private static func listen(at address: addrinfo) -> Int32? {
        let type = address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, type, address.ai_protocol)
        guard descriptor >= 0 else { return nil }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, Glibc.listen(descriptor, SOMAXCONN) == 0
        else {
            let reason = errno
            close(descriptor)
            errno = reason
            return nil
        }
        return descriptor
    }
}
