import Glibc

/// The host and port of a network address.
package struct HostAndPort: Hashable, Sendable {
    /// A host name or an IP address, without the brackets of IPv6.
    package let host: String
    /// 1 to 65535.
    package let port: Int

    /// Fails for a host that is no name and no IP address, and for a port out of range.
    init?(host: String, port: Int) {
        guard Self.isHost(host), (1...65535).contains(port) else { return nil }
        self.host = host
        self.port = port
    }

    /// Reads `host:port`, `[IPv6]:port`, or either without a port where there is a default.
    init?(parsing text: some StringProtocol, defaultPort: Int? = nil) {
        let host: String
        let rest: String
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = String(text[text.index(after: text.startIndex)..<end])
            rest = String(text[text.index(after: end)...])
            guard host.contains(":") else { return nil }
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            host = String(text[..<colon])
            rest = String(text[colon...])
        }
        if rest.isEmpty {
            guard let defaultPort else { return nil }
            self.init(host: host, port: defaultPort)
        } else {
            guard rest.hasPrefix(":"), let port = decimal(rest.dropFirst()) else { return nil }
            self.init(host: host, port: port)
        }
    }

    /// The host as it stands in a URL.
    package var bracketedHost: String { self.host.contains(":") ? "[\(self.host)]" : self.host }

    private static func isHost(_ text: String) -> Bool {
        guard (1...255).contains(text.utf8.count) else { return false }
        if text.utf8.contains(UInt8(ascii: ":")) {
            // An address that is valid on one link names the interface behind a per cent sign: `fe80::1%eth0`.
            let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
            var address = in6_addr()
            return inet_pton(AF_INET6, String(parts[0]), &address) == 1 && parts.dropFirst().allSatisfy(Self.isName)
        }
        if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") }) {
            var address = in_addr()
            return inet_pton(AF_INET, text, &address) == 1
        }
        return Self.isName(text)
    }

    private static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }
}

extension HostAndPort: CustomStringConvertible {
    package var description: String { "\(self.bracketedHost):\(self.port)" }
}
