/// A page of the admin endpoint beside health and readiness, made anew for each request.
package struct AdminPage: Sendable {
    /// Beginning with a slash; compared byte for byte.
    let path: String
    let answer: @Sendable () async -> AdminAnswer

    /// - Parameter answer: may wait; it is cancelled after five seconds, and the client is then answered 503.
    package init(_ path: String, answer: @escaping @Sendable () async -> AdminAnswer) {
        self.path = path
        self.answer = answer
    }

    /// `/metrics`.
    ///
    /// - Parameter text: an exposition in the Prometheus text format 0.0.4.
    package static func metrics(_ text: @escaping @Sendable () async -> [UInt8]) -> AdminPage {
        AdminPage("/metrics") {
            AdminAnswer(200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: await text())
        }
    }
}
