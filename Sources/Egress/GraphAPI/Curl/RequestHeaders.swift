import CCurl
import Settings
import TraceContext

/// The header lines of a call beyond those that libcurl writes itself.
struct RequestHeaders {
    private let lines: [String]

    /// `nil` if the token is empty or has a character that would end its header line.
    init?(call: GraphCall, token: Secret) {
        guard Self.isVisible(token.revealed) else { return nil }
        var lines = [
            "Authorization: Bearer \(token.revealed)",
            // Without a value libcurl leaves the header out: no waiting for `100 Continue`.
            "Expect:",
            // Also where there is no body: libcurl itself would add none, or a form's.
            "Content-Type: application/json",
        ]
        // Their forms have been checked: neither has a character that ends a line.
        if let traceparent = call.trace.traceparent { lines.append("traceparent: \(traceparent)") }
        if let tracestate = call.trace.tracestate { lines.append("tracestate: \(tracestate)") }
        self.lines = lines
    }

    /// The lines as libcurl wants them, to be freed by the caller; `nil` if there is no memory.
    func makeList() -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in self.lines {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                return nil
            }
            list = longer
        }
        return list
    }

    private static func isVisible(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
