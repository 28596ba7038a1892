import Glibc

/// A connection to 127.0.0.1 could not be had.
struct SocketError: Error, CustomStringConvertible {
    let description: String
}

/// Blocking sockets of 127.0.0.1.
enum LoopbackSocket {
    /// Connects, and has small writes leave at once.
    ///
    /// - Parameter sendBuffer: bytes that a write can leave with the kernel; nil: what the kernel thinks best.
    /// - Throws: `SocketError` when nobody listens there.
    static func connect(port: UInt16, sendBuffer: Int32? = nil) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw SocketError(description: "127.0.0.1:\(port): \(reason)")
        }
        self.set(Int32(IPPROTO_TCP), TCP_NODELAY, to: 1, on: descriptor)
        if let sendBuffer { self.set(SOL_SOCKET, SO_SNDBUF, to: sendBuffer, on: descriptor) }
        return descriptor
    }

    /// Writes all of it, waiting where it must; false when the connection is broken.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private static func set(_ level: Int32, _ option: Int32, to value: Int32, on descriptor: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
