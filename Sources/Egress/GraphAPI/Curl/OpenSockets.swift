import CCurl
import Glibc

/// The sockets libcurl has open, so that one can be looked at before a request is written to it.
///
/// libcurl 7.88 takes whatever waits on a kept connection for the answer to the next request: a late `408`, or one
/// answer too many, would be told as what became of another message.
final class OpenSockets {
    /// Both ends of a connection, as libcurl names it.
    struct Ends: Hashable {
        let localAddress: String
        let localPort: Int32
        let remoteAddress: String
        let remotePort: Int32
    }

    /// What waits to be read on a connection.
    enum Input: Hashable {
        case nothing, bytes, end
    }

    private var named: [Ends: Int32] = [:]
    private var ends: [Int32: Ends] = [:]
    /// Opened, and not known to be connected yet.
    private var unnamed: Set<Int32> = []

    /// Opens a socket; −1 where there is none to be had.
    func open(_ address: curl_sockaddr) -> Int32 {
        let descriptor = socket(address.family, address.socktype | Int32(SOCK_CLOEXEC.rawValue), address.protocol)
        if descriptor >= 0 { self.unnamed.insert(descriptor) }
        return descriptor
    }

    func close(_ descriptor: Int32) -> Int32 {
        self.unnamed.remove(descriptor)
        if let ends = self.ends.removeValue(forKey: descriptor) { self.named[ends] = nil }
        return Glibc.close(descriptor)
    }

    /// What waits on a connection now; nothing is taken from it. `nil` if it is none of these.
    func input(of ends: Ends) -> Input? {
        if self.named[ends] == nil { self.nameConnected() }
        guard let descriptor = self.named[ends] else { return nil }
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
        if count > 0 { return .bytes }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .end
    }

    /// Asks the kernel once for each socket; one that is still connecting has no ends yet.
    private func nameConnected() {
        for descriptor in self.unnamed {
            guard let ends = Self.ends(of: descriptor) else { continue }
            self.unnamed.remove(descriptor)
            self.named[ends] = descriptor
            self.ends[descriptor] = ends
        }
    }

    private static func ends(of descriptor: Int32) -> Ends? {
        guard let local = self.address(descriptor, getsockname), let remote = self.address(descriptor, getpeername)
        else {
            return nil
        }
        return Ends(
            localAddress: local.text, localPort: local.port, remoteAddress: remote.text, remotePort: remote.port)
    }

    private static func address(
        _ descriptor: Int32, _ read: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> (text: String, port: Int32)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &storage) { bytes in
            guard let base = bytes.baseAddress,
                read(descriptor, base.assumingMemoryBound(to: sockaddr.self), &length) == 0
            else { return nil }
            switch Int32(bytes.load(as: sockaddr.self).sa_family) {
            case AF_INET:
                var address = bytes.load(as: sockaddr_in.self)
                return (self.text(AF_INET, &address.sin_addr), Int32(UInt16(bigEndian: address.sin_port)))
            case AF_INET6:
                var address = bytes.load(as: sockaddr_in6.self)
                return (self.text(AF_INET6, &address.sin6_addr), Int32(UInt16(bigEndian: address.sin6_port)))
            default:
                return nil
            }
        }
    }

    private static func text(_ family: Int32, _ address: UnsafeRawPointer) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            inet_ntop(family, address, buffer.baseAddress, socklen_t(buffer.count)).map { String(cString: $0) } ?? ""
        }
    }
}
