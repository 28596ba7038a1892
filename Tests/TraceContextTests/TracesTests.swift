import InMemoryTracing
import Testing
import Tracing

@testable import TraceContext

@Suite struct TracesTests {
    @Test(arguments: [
        TraceHeaders(traceparent: TraceHeadersTests.parent),
        TraceHeaders(traceparent: TraceHeadersTests.parent, tracestate: "a=1, b=2"),
        TraceHeaders(traceparent: "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-brings"),
        .none,
    ]) func `Without a tracer headers go through every span as they came`(_ headers: TraceHeaders) {
        let span = Traces.passedOn.start(.request, continuing: headers)
        let call = span.startChild(.graphCall)
        #expect(span.headers == headers)
        #expect(call.headers == headers)
        #expect(!span.isRecording)
        call.end(error: "nobody takes it")
        span.end()
    }

    @Test func `Without a tracer nobody is asked what a span says`() {
        let span = Traces.passedOn.start(.webhook, continuing: .none)
        func unwanted<Value>(_ value: Value) -> Value {
            Issue.record("asked for \(value)")
            return value
        }
        span.set(.account, unwanted("a"))
        span.set(.httpStatus, unwanted(200))
        span.end(error: unwanted("error"))
    }

    @Test func `With a tracer each span is a child of what came in, and says what it is told`() throws {
        let tracer = RecordingTracer()
        let traces = Traces(instrument: tracer, tracer: tracer)
        let span = traces.start(.request, continuing: TraceHeaders(traceparent: TraceHeadersTests.parent))
        span.set(.messagingSystem, "nats")
        let call = span.startChild(.graphCall)
        call.set(.httpStatus, 400)
        call.end(error: "400")
        span.end()
        let (second, first) = try (#require(tracer.span(.graphCall)), #require(tracer.span(.request)))
        #expect(first.traceID == "4bf92f3577b34da6a3ce929d0e0e4736" && first.parentSpanID == "00f067aa0ba902b7")
        #expect(second.traceID == first.traceID && second.parentSpanID == first.spanID)
        #expect(call.headers.traceparent == "00-\(second.traceID)-\(second.spanID)-01")
        #expect(tracer.attributes(of: .request) == ["messaging.system": "nats"])
        #expect(tracer.attributes(of: .graphCall) == ["http.response.status_code": "400", "error.type": "400"])
        #expect(second.status?.code == .error && first.status == nil)
        #expect(first.kind == .consumer && second.kind == .client)
    }
}
