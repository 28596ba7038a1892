import Glibc

/// Where a connection can be made to, as the kernel takes it.
struct SocketAddress {
    let family: Int32
    private let bytes: [UInt8]

    /// A Unix socket; nil where the path is too long for one.
    init?(unix path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        self.family = AF_UNIX
        self.bytes = withUnsafeBytes(of: &address) { Array($0) }
    }

    private init(_ info: addrinfo) {
        self.family = info.ai_family
        self.bytes = Array(UnsafeRawBufferPointer(start: info.ai_addr, count: Int(info.ai_addrlen)))
    }

    /// The addresses of a host; may ask a name server, and take as long as that does.
    static func all(of host: String, port: Int) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var entry = list
        while let info = entry?.pointee {
            addresses.append(SocketAddress(info))
            entry = info.ai_next
        }
        return addresses
    }

    /// Begins to connect.
    ///
    /// - Returns: 0, `EINPROGRESS`, or what is wrong.
    func connect(_ descriptor: Int32) -> Int32 {
        self.bytes.withUnsafeBytes { bytes in
            guard let start = bytes.bindMemory(to: sockaddr.self).baseAddress else { return EINVAL }
            return Glibc.connect(descriptor, start, socklen_t(bytes.count)) == 0 ? 0 : errno
        }
    }
}
