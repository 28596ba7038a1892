package import Daemon
import NIOHTTP1

/// What the admin endpoint shows: an answer for each request. Touches no socket.
package struct AdminPages: Sendable {
    private let readiness: @Sendable () -> ReadinessReport
    private let pages: [AdminPage]

    /// What a request leads to.
    enum Reply: Sendable {
        case now(AdminAnswer)
        /// It may take its time.
        case later(@Sendable () async -> AdminAnswer)
    }

    /// - Parameters:
    ///   - readiness: whether the process can serve, as far as is known now; must not block.
    ///   - pages: what there is beside `/health` and `/ready`.
    package init(readiness: @escaping @Sendable () -> ReadinessReport, pages: [AdminPage] = []) {
        self.readiness = readiness
        self.pages = pages
    }

    /// The reply to a request whose head is complete; its body, if there is one, is not waited for.
    func reply(to head: HTTPRequestHead) -> Reply {
        let sendsBody = head.method != .HEAD
        switch self.fullReply(to: head) {
        case .now(let answer): return .now(answer.sending(body: sendsBody))
        case .later(let answer): return .later { await answer().sending(body: sendsBody) }
        }
    }

    private func fullReply(to head: HTTPRequestHead) -> Reply {
        guard let reply = self.page(head.uri.prefix { $0 != "?" }) else { return .now(self.notFound) }
        guard head.method == .GET || head.method == .HEAD else { return .now(.methodNotAllowed) }
        guard !head.hasBody else { return .now(.contentTooLarge) }
        return reply()
    }

    private func page(_ path: Substring) -> (() -> Reply)? {
        switch path {
        case "/health": { .now(.health) }
        case "/ready": { .now(.readiness(self.readiness())) }
        default: self.pages.first { $0.path == path }.map { page in { .later(page.answer) } }
        }
    }

    private var notFound: AdminAnswer {
        .notFound(pages: ["/health", "/ready"] + self.pages.map(\.path))
    }
}

extension HTTPRequestHead {
    fileprivate var hasBody: Bool {
        if self.headers.contains(name: "Transfer-Encoding") { return true }
        // The decoder has refused lengths that are no numbers.
        return self.headers["Content-Length"].contains { !$0.allSatisfy { $0 == "0" } }
    }
}
