package import Instrumentation
package import Tracing

/// Where a process' spans come from: the instrument that reads and writes headers, and the tracer.
package struct Traces: Sendable {
    private let instrument: any Instrument
    private let tracer: any Tracer

    package init(instrument: any Instrument, tracer: any Tracer) {
        self.instrument = instrument
        self.tracer = tracer
    }

    /// Headers are passed on as they came, and no spans are made.
    package static let passedOn = Traces(instrument: W3CInstrument(), tracer: NoOpTracer())

    /// What the process was set up with; see `TraceSetup`.
    package static var ofProcess: Traces {
        Traces(instrument: InstrumentationSystem.instrument, tracer: InstrumentationSystem.tracer)
    }

    /// Starts a span below the place in a trace that some headers name, or at the top of a new trace.
    package func start(_ name: SpanName, continuing headers: TraceHeaders) -> TraceSpan {
        var context = ServiceContext.topLevel
        if headers != .none { self.instrument.extract(headers, into: &context, using: TraceCarrier()) }
        return self.start(name, in: context)
    }

    func start(_ name: SpanName, in context: ServiceContext) -> TraceSpan {
        TraceSpan(self.tracer.startSpan(name.rawValue, context: context, ofKind: name.kind), of: self)
    }

    /// How a place in a trace travels on.
    func headers(of context: ServiceContext) -> TraceHeaders {
        var headers = TraceHeaders.none
        self.instrument.inject(context, into: &headers, using: TraceCarrier())
        return headers
    }
}
