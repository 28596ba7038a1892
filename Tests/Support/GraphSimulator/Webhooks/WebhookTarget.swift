/// Where webhooks are posted to, and with what they are signed.
package struct WebhookTarget: Sendable {
    package let host: String
    package let port: Int
    /// Path and query.
    package let target: String
    let appSecret: String
    package var retries: WebhookRetries

    /// - Parameter url: `http://host:port/path`.
    /// - Returns: nil when the URL is something else.
    package init?(url: String, appSecret: String, retries: WebhookRetries = WebhookRetries()) {
        guard url.hasPrefix("http://") else { return nil }
        let rest = url.dropFirst("http://".count)
        let authority = rest.prefix { $0 != "/" }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2,
            let port = parts.count == 2 ? Int(parts[1]) : 80, (1...65_535).contains(port)
        else { return nil }
        self.host = String(host)
        self.port = port
        self.target = authority.endIndex == rest.endIndex ? "/" : String(rest[authority.endIndex...])
        self.appSecret = appSecret
        self.retries = retries
    }
}

/// How often a webhook that is not answered 200 is posted again, and when.
package struct WebhookRetries: Hashable, Sendable {
    /// Attempts in all.
    package var attempts: Int
    /// The wait before the third attempt; the second follows at once, as Meta's does.
    package var firstWait: Duration
    /// No wait is longer.
    package var longestWait: Duration
    /// How long an answer may take.
    package var timeout: Duration

    /// With the defaults: at once, 0.5 s, 1 s, 2 s … up to 60 s.
    package init(
        attempts: Int = 10, firstWait: Duration = .milliseconds(500), longestWait: Duration = .seconds(60),
        timeout: Duration = .seconds(10)
    ) {
        self.attempts = attempts
        self.firstWait = firstWait
        self.longestWait = longestWait
        self.timeout = timeout
    }

    /// The wait before the next attempt after so many have failed; nil when none is left.
    func wait(after failures: Int) -> Duration? {
        guard failures < self.attempts else { return nil }
        if failures <= 1 { return .zero }
        return min(self.longestWait, self.firstWait * (1 << min(failures - 2, 20)))
    }
}
