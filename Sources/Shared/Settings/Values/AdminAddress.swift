/// Where a process shows its health, readiness and metrics.
package enum AdminAddress: Hashable, Sendable {
    case tcp(HostAndPort)
    /// A Unix socket at an absolute path of at most 107 bytes.
    case unix(path: String)
    case off
}

extension AdminAddress: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tcp(let address): "\(address)"
        case .unix(let path): "unix:\(path)"
        case .off: "off"
        }
    }
}

extension ValueForm<AdminAddress> {
    static var adminAddress: Self {
        Self(expected: "host:port, unix:/path of at most 107 bytes, or off") { text in
            if text == "off" { return .off }
            if text.hasPrefix("unix:") {
                let path = String(text.dropFirst("unix:".count))
                return path.hasPrefix("/") && path.utf8.count <= 107 && isLine(path) ? .unix(path: path) : nil
            }
            return HostAndPort(parsing: text).map(AdminAddress.tcp)
        }
    }
}
