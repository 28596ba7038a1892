extension ValueForm<String> {
    /// The path of a file.
    static var path: Self {
        Self(expected: "the path of a readable file") { isLine($0) ? $0 : nil }
    }

    /// A host name or IP address to listen on.
    static var host: Self {
        Self(expected: "a host name or an IP address") { text in
            let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
            return HostAndPort(host: isBracketed ? String(text.dropFirst().dropLast()) : text, port: 1)?.host
        }
    }

    /// A version of the Graph API, as it stands in its URLs.
    static var apiVersion: Self {
        Self(expected: "v, digits, a dot and digits, such as v21.0") { text in
            let parts = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
            guard text.hasPrefix("v"), text.utf8.count <= 16, parts.count == 2 else { return nil }
            return parts.allSatisfy { decimal($0) != nil } ? text : nil
        }
    }

    /// An absolute `http` or `https` URL without user, query and fragment; slashes at its end are taken off.
    static var httpURL: Self {
        let expected = "an http:// or https:// URL with a host, and no user, query or fragment"
        // It is not shown: a wrong one may hold a user's password.
        return Self(expected: expected, isSecret: true) { text in
            guard isPrintableWord(text), !text.utf8.contains(where: { "?#\\\"<>@".utf8.contains($0) }) else {
                return nil
            }
            guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else {
                return nil
            }
            let rest = text.dropFirst(scheme.count)
            let authority = rest.prefix { $0 != "/" }
            guard let address = HostAndPort(parsing: authority, defaultPort: scheme == "https://" ? 443 : 80) else {
                return nil
            }
            var path = rest.dropFirst(authority.count)
            while path.hasSuffix("/") { path.removeLast() }
            let port = authority.hasSuffix("]") || !authority.contains(":") ? "" : ":\(address.port)"
            return scheme + address.bracketedHost + port + path
        }
    }
}

extension ValueForm<Secret> {
    /// A secret that travels in an HTTP header: printable ASCII without blanks.
    package static func word(_ expected: String) -> Self {
        Self(expected: "\(expected), in printable ASCII without blanks", isSecret: true) { text in
            isPrintableWord(text) && text.utf8.count <= 8192 ? Secret(text) : nil
        }
    }

    /// A secret of any characters but control characters.
    static func line(_ expected: String) -> Self {
        Self(expected: "\(expected), without control characters", isSecret: true) { isLine($0) ? Secret($0) : nil }
    }
}

extension ValueForm<[Secret]> {
    /// Secrets as above, separated by commas; blanks around them do not count.
    static func words(_ expected: String) -> Self {
        let word = ValueForm<Secret>.word(expected)
        return Self(expected: "\(word.expected); several with commas between", isSecret: true) { text in
            let secrets = commaSeparated(text).map { $0.isEmpty ? nil : word.parse(String($0)) }
            return secrets.contains(nil) ? nil : secrets.compactMap(\.self)
        }
    }
}

/// The parts of a list between its commas, without the blanks around them; empty parts stay.
func commaSeparated(_ text: String) -> [Substring] {
    text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        var part = part.drop { $0 == " " }
        while part.last == " " { part.removeLast() }
        return part
    }
}

/// Whether a text has no control characters.
func isLine(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } && text.utf8.count <= 8192
}

/// Whether a text is printable ASCII without blanks.
func isPrintableWord(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
}
