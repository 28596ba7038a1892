import Tracing

/// One span; it has to be ended once.
package struct TraceSpan: Sendable {
    private let span: any Span
    private let traces: Traces

    init(_ span: any Span, of traces: Traces) {
        self.span = span
        self.traces = traces
    }

    /// What goes on to others in this span's name; none where nothing came in and no tracer is at work.
    package var headers: TraceHeaders { self.traces.headers(of: self.span.context) }

    /// Whether somebody takes what is said of it.
    package var isRecording: Bool { self.span.isRecording }

    package func startChild(_ name: SpanName) -> TraceSpan {
        self.traces.start(name, in: self.span.context)
    }

    /// Says something of the span; the value is asked for where somebody takes it.
    package func set(_ attribute: TraceAttribute, _ value: @autoclosure () -> String) {
        guard self.span.isRecording else { return }
        self.span.attributes[attribute.rawValue] = value()
    }

    package func set(_ attribute: TraceAttribute, _ value: @autoclosure () -> Int) {
        guard self.span.isRecording else { return }
        self.span.attributes[attribute.rawValue] = value()
    }

    /// Ends the span.
    ///
    /// - Parameter error: why it failed, as a word or number of a bounded set; nil where it did not.
    package func end(error: @autoclosure () -> String? = nil) {
        if self.span.isRecording, let error = error() {
            self.span.attributes[TraceAttribute.errorType.rawValue] = error
            self.span.setStatus(SpanStatus(code: .error))
        }
        self.span.end()
    }
}
