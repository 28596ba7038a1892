import CCurl
import Settings
import TraceContext

/// The header lines of a call beyond those that libcurl writes itself, in the form that libcurl wants.
final class RequestHeaders {
    let list: UnsafeMutablePointer<curl_slist>
    private let token: Secret
    private let trace: TraceHeaders

    /// `nil` if the token is empty or has a character that would end its header line, or there is no memory.
    init?(token: Secret, trace: TraceHeaders) {
        guard Self.isVisible(token.revealed) else { return nil }
        var lines = [
            "Authorization: Bearer \(token.revealed)",
            // Without a value libcurl leaves the header out: no waiting for `100 Continue`.
            "Expect:",
            // Also where there is no body: libcurl itself would add none, or a form's.
            "Content-Type: application/json",
        ]
        // Their forms have been checked: neither has a character that ends a line.
        if let traceparent = trace.traceparent { lines.append("traceparent: \(traceparent)") }
        if let tracestate = trace.tracestate { lines.append("tracestate: \(tracestate)") }
        guard let list = Self.list(lines) else { return nil }
        self.list = list
        self.token = token
        self.trace = trace
    }

    deinit {
        curl_slist_free_all(self.list)
    }

    /// Whether they are those of a call with this token and this place in a trace.
    func suit(token: Secret, trace: TraceHeaders) -> Bool {
        self.token == token && self.trace == trace
    }

    private static func list(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
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
