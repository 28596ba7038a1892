import Testing
import TraceContext

@Suite struct TraceHeadersTests {
    static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test func `Both headers are kept as they came`() {
        let headers = TraceHeaders(traceparent: Self.parent, tracestate: "rojo=1, congo=2")
        #expect(
            headers.lines.map { "\($0.name): \($0.value)" } == [
                "traceparent: \(Self.parent)", "tracestate: rojo=1, congo=2",
            ])
    }

    @Test func `A malformed tracestate is left out alone, a malformed traceparent takes it along`() {
        #expect(TraceHeaders(traceparent: Self.parent, tracestate: "nonsense").lines.count == 1)
        for malformed in ["00-0-0-0", Self.parent + "\r\nX: y", ""] {
            #expect(TraceHeaders(traceparent: malformed, tracestate: "a=1") == .none)
        }
        #expect(TraceHeaders(traceparent: nil, tracestate: "a=1") == .none)
    }

    @Test func `Of a message's headers the first traceparent counts, and every tracestate`() {
        let headers = TraceHeaders([
            ("Nats-Msg-Id", "1"), ("tracestate", "a=1"), ("traceparent", Self.parent), ("tracestate", "b=2"),
            ("traceparent", "00-nonsense"), ("Traceparent", "another name"),
        ])
        #expect(headers == TraceHeaders(traceparent: Self.parent, tracestate: "a=1,b=2"))
    }

    @Test func `A trace that begins here is valid and another each time`() {
        let first = TraceHeaders.begun()
        #expect(first != .begun())
        #expect(TraceHeaders(traceparent: first.traceparent) == first)
        #expect(first.traceparent?.hasSuffix("-00") == true, "nobody here says that it is to be recorded")
    }
}
