import Glibc

@testable import Supervisor

/// What any process may do with a socket.
enum Sockets {
    /// Sends a datagram, with a descriptor where one is given.
    ///
    /// - Returns: whether it was sent.
    static func send(_ text: String, passing passed: Int32? = nil, to path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isConnected else { return false }
        let bytes = Array(text.utf8)
        guard let passed else { return Glibc.send(descriptor, bytes, bytes.count, 0) == bytes.count }
        return Self.send(bytes, passing: passed, on: descriptor) == bytes.count
    }

    /// Sends with a control part put together by hand: its length, SOL_SOCKET, SCM_RIGHTS, the descriptor.
    private static func send(_ bytes: [UInt8], passing passed: Int32, on descriptor: Int32) -> Int {
        var control = [UInt8](repeating: 0, count: 24)
        control.withUnsafeMutableBytes { buffer in
            buffer.storeBytes(of: 20, toByteOffset: 0, as: Int.self)
            buffer.storeBytes(of: SOL_SOCKET, toByteOffset: 8, as: Int32.self)
            buffer.storeBytes(of: Int32(SCM_RIGHTS), toByteOffset: 12, as: Int32.self)
            buffer.storeBytes(of: passed, toByteOffset: 16, as: Int32.self)
        }
        var text = bytes
        return text.withUnsafeMutableBytes { text in
            control.withUnsafeMutableBytes { control in
                var part = iovec(iov_base: text.baseAddress, iov_len: text.count)
                return withUnsafeMutablePointer(to: &part) { part in
                    var message = msghdr()
                    message.msg_iov = part
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                    return sendmsg(descriptor, &message, 0)
                }
            }
        }
    }

    /// Whether a connection to this port of 127.0.0.1 is taken; it is closed again.
    static func isConnectionTaken(port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Binds a port of 127.0.0.1 for the time of `body`.
    static func withBusyPort<Result>(_ body: (Int) throws -> Result) throws -> Result {
        let socket = try ListeningSocket(host: "127.0.0.1", port: 0)
        return try withExtendedLifetime(socket) { try body(socket.port ?? 0) }
    }
}
