package import Instrumentation

/// Passes W3C Trace Context on as it came, and makes no spans: what a process uses that exports none.
package struct W3CInstrument: Instrument {
    private enum Key: ServiceContextKey {
        typealias Value = TraceHeaders
    }

    package init() {}

    package func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        let headers = TraceHeaders(
            traceparent: extractor.extract(key: "traceparent", from: carrier),
            tracestate: extractor.extract(key: "tracestate", from: carrier))
        if headers != .none { context[Key.self] = headers }
    }

    package func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let headers = context[Key.self] else { return }
        for line in headers.lines { injector.inject(line.value, forKey: line.name, into: &carrier) }
    }
}
