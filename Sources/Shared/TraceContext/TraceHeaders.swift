/// How a place in a trace travels: the headers `traceparent` and `tracestate`, each of them valid.
package struct TraceHeaders: Hashable, Sendable {
    /// No trace.
    package static let none = TraceHeaders()

    package private(set) var traceparent: String?
    /// Only ever beside a `traceparent`; up to 512 bytes.
    package private(set) var tracestate: String?

    private init() {}

    /// Takes headers as they came: a malformed `traceparent` is as good as none, a malformed `tracestate` is left out.
    package init(traceparent: String?, tracestate: String? = nil) {
        guard let traceparent, Traceparent.isValid(traceparent) else { return }
        self.traceparent = traceparent
        if let tracestate, Tracestate.isValid(tracestate) { self.tracestate = tracestate }
    }

    /// Takes what it needs of a message's headers; of several `traceparent` the first, of several `tracestate` all.
    package init(_ headers: some Sequence<(name: String, value: String)>) {
        var traceparent: String?
        var tracestates: [String] = []
        for header in headers {
            switch header.name {
            case "traceparent": traceparent = traceparent ?? header.value
            case "tracestate": tracestates.append(header.value)
            default: break
            }
        }
        self.init(traceparent: traceparent, tracestate: tracestates.isEmpty ? nil : tracestates.joined(separator: ","))
    }

    /// The beginning of a trace, not sampled.
    package static func begun() -> TraceHeaders {
        var headers = TraceHeaders()
        headers.traceparent = Traceparent.begin()
        return headers
    }

    /// The headers that there are.
    package var lines: [(name: String, value: String)] {
        var lines: [(name: String, value: String)] = []
        if let traceparent = self.traceparent { lines.append(("traceparent", traceparent)) }
        if let tracestate = self.tracestate { lines.append(("tracestate", tracestate)) }
        return lines
    }

    /// Sets what an instrument has to say; what is malformed is not passed on.
    mutating func set(_ value: String, forKey key: String) {
        switch key {
        case "traceparent" where Traceparent.isValid(value): self.traceparent = value
        case "tracestate" where Tracestate.isValid(value): self.tracestate = value
        default: break
        }
    }
}
