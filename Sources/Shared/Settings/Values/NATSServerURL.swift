/// A NATS server as `NATS_URL` names it.
package struct NATSServerURL: Hashable, Sendable {
    /// The whole URL with user and password or token, as the NATS client takes it.
    package let url: Secret
    /// What may be shown of it; the port is 4222 unless the URL has another.
    package let address: HostAndPort
    /// Whether the URL asks for TLS.
    package let isTLS: Bool

    /// Reads `nats://` or `tls://`, then `user:password@`, `token@` or nothing, then host and port.
    init?(parsing text: some StringProtocol) {
        guard isPrintableWord(text) else { return nil }
        let lowered = text.lowercased()
        guard let scheme = ["nats://", "tls://"].first(where: { lowered.hasPrefix($0) }) else { return nil }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.hasSuffix("/") ? rest.dropLast() : rest
        let at = authority.lastIndex(of: "@")
        let login = at.map { authority[...$0] } ?? ""
        let location = at.map { authority[authority.index(after: $0)...] } ?? authority
        guard login != "@", !login.hasPrefix(":"), !login.contains(where: { "/?#".contains($0) }) else { return nil }
        guard let address = HostAndPort(parsing: location, defaultPort: 4222) else { return nil }
        self.url = Secret("\(scheme)\(login)\(address)")
        self.address = address
        self.isTLS = scheme == "tls://"
    }
}

extension NATSServerURL: CustomStringConvertible {
    package var description: String { "\(self.isTLS ? "tls" : "nats")://\(self.address)" }
}

extension ValueForm<[NATSServerURL]> {
    static var natsServers: Self {
        let expected =
            "nats://host:port or tls://host:port, with user:password@ or token@ before the host where needed; several with commas between"
        return Self(expected: expected, isSecret: true) { text in
            let servers = commaSeparated(text).map { NATSServerURL(parsing: $0) }
            return servers.contains(nil) ? nil : servers.compactMap(\.self)
        }
    }
}
