import NIOHTTP1

/// What a request asks for, by the method and the path of its target.
enum Route: Hashable, Sendable {
    case webhook
    /// - Parameter query: what stands after the `?`; empty when nothing does.
    case verification(query: Substring)
    /// - Parameter withBody: false for HEAD.
    case health(withBody: Bool)
    /// - Parameter allowed: the value of `Allow`.
    case methodNotAllowed(allowed: String)
    case notFound

    /// - Parameter target: as in the request line: a path with or without query, or an absolute URL, as proxies get it.
    init(method: HTTPMethod, target: String) {
        let target = Self.originForm(target)
        let path = target.prefix { $0 != "?" }
        switch (path, method) {
        case ("/webhook", .POST): self = .webhook
        case ("/webhook", .GET): self = .verification(query: target.dropFirst(path.count + 1))
        case ("/webhook", _): self = .methodNotAllowed(allowed: "GET, POST")
        case ("/health", .GET): self = .health(withBody: true)
        case ("/health", .HEAD): self = .health(withBody: false)
        case ("/health", _): self = .methodNotAllowed(allowed: "GET, HEAD")
        default: self = .notFound
        }
    }

    var kind: RequestOutcome.Kind {
        switch self {
        case .webhook: .webhook
        case .verification: .verification
        case .health: .health
        case .methodNotAllowed, .notFound: .other
        }
    }

    private static func originForm(_ target: String) -> Substring {
        guard !target.utf8.starts(with: "/".utf8) else { return target[...] }
        for scheme in ["http://", "https://"] where target.lowercased().utf8.starts(with: scheme.utf8) {
            return target.dropFirst(scheme.utf8.count).drop { $0 != "/" }
        }
        return ""
    }
}
