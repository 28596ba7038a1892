/// Where the Graph API is: `GRAPH_URL` and `API_VERSION` as one value that makes the URL of a call.
struct GraphEndpoint: Hashable, Sendable {
    /// Host and port as `GRAPH_URL` has them, such as `graph.facebook.com` or `127.0.0.1:9090`; for error texts.
    let host: String
    /// What every URL begins with, such as `https://graph.facebook.com/v21.0/`.
    let base: String

    /// `nil` unless `url` is an `http` or `https` URL of visible ASCII with a host, and without user, query or fragment,
    /// and `version` is one path segment of letters, digits, `.`, `_` and `-`.
    ///
    /// A path in `url` is kept (a proxy may want one), slashes at its end are not.
    init?(url: String, version: String) {
        guard let scheme = ["https://", "http://"].first(where: { url.lowercased().hasPrefix($0) }),
            Self.isVisible(url), !url.utf8.contains(where: { Self.foreign.contains($0) }),
            Self.isSegment(version)
        else { return nil }

        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        guard Self.isAuthority(authority) else { return nil }

        var path = rest.dropFirst(authority.count)
        while path.last == "/" { path.removeLast() }
        self.host = String(authority)
        self.base = "\(scheme)\(authority)\(path)/\(version)/"
    }

    var isSecure: Bool { self.base.hasPrefix("https:") }

    /// The URL of a call; `nil` if its path has a byte that no URL may have, or a `#` or `\`.
    func url(of call: GraphCall) -> String? {
        guard Self.isVisible(call.path), !call.path.utf8.contains(where: { $0 == UInt8(ascii: "#") || $0 == 0x5C })
        else {
            return nil
        }
        return self.base + call.path
    }

    /// What has no place in `GRAPH_URL`: `? # @ \`.
    private static let foreign: [UInt8] = [UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "@"), 0x5C]

    private static func isVisible(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    private static func isSegment(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }

    private static func isAuthority(_ text: Substring) -> Bool {
        let host: Substring
        let port: Substring
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return false }
            host = text[text.index(after: text.startIndex)..<end]
            port = text[text.index(after: end)...]
            guard host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return false }
        } else {
            host = text.prefix { $0 != ":" }
            port = text.dropFirst(host.count)
            guard host.allSatisfy({ $0.isLetter || $0.isNumber || ".-_".contains($0) }) else { return false }
        }
        guard !host.isEmpty else { return false }
        guard let colon = port.first else { return true }
        let digits = port.dropFirst()
        return colon == ":" && digits.allSatisfy(\.isNumber) && (UInt16(digits) ?? 0) > 0
    }
}
