package import Daemon
import NIOHTTP1

/// What the admin endpoint shows: an answer for each request. Touches no socket.
package struct AdminPages: Sendable {
    private let readiness: @Sendable () -> ReadinessReport

    /// - Parameter readiness: whether the process can serve, as far as is known now; must not block.
    package init(readiness: @escaping @Sendable () -> ReadinessReport) {
        self.readiness = readiness
    }

    /// The answer to a request whose head is complete; its body, if there is one, is not waited for.
    func answer(to head: HTTPRequestHead) -> AdminAnswer {
        var answer = self.fullAnswer(to: head)
        answer.sendsBody = head.method != .HEAD
        return answer
    }

    private func fullAnswer(to head: HTTPRequestHead) -> AdminAnswer {
        guard let page = self.page(head.uri.prefix { $0 != "?" }) else { return .notFound }
        guard head.method == .GET || head.method == .HEAD else { return .methodNotAllowed }
        guard !head.hasBody else { return .contentTooLarge }
        return page()
    }

    private func page(_ path: Substring) -> (() -> AdminAnswer)? {
        switch path {
        case "/health": { .health }
        case "/ready": { .readiness(self.readiness()) }
        default: nil
        }
    }
}

extension HTTPRequestHead {
    fileprivate var hasBody: Bool {
        if self.headers.contains(name: "Transfer-Encoding") { return true }
        // The decoder has refused lengths that are no numbers.
        return self.headers["Content-Length"].contains { !$0.allSatisfy { $0 == "0" } }
    }
}
