import TraceContext

/// One try of a call: what is written, under which span, and since when.
struct CallAttempt: Sendable {
    let send: PendingSend
    let call: GraphCall
    let span: TraceSpan?
    let start: ContinuousClock.Instant

    /// - Parameter call: as its lane has it written.
    init(_ send: PendingSend, _ call: GraphCall, at start: ContinuousClock.Instant) {
        self.send = send
        self.span = send.span?.startCall(call)
        self.call = call.traced(by: self.span)
        self.start = start
    }
}
