import Instrumentation

/// Reads and writes `TraceHeaders` for an instrument, whichever it is.
struct TraceCarrier: Extractor, Injector {
    func extract(key: String, from carrier: TraceHeaders) -> String? {
        switch key {
        case "traceparent": carrier.traceparent
        case "tracestate": carrier.tracestate
        default: nil
        }
    }

    func inject(_ value: String, forKey key: String, into carrier: inout TraceHeaders) {
        carrier.set(value, forKey: key)
    }
}
