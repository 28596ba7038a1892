import InMemoryTracing
import Tracing

@testable import TraceContext

/// A tracer as an exporter brings one: it keeps its spans, and speaks W3C Trace Context.
struct RecordingTracer: Tracer {
    private let memory = InMemoryTracer(
        idGenerator: .init(nextTraceID: { Self.id(digits: 32) }, nextSpanID: { Self.id(digits: 16) }))

    private static func id(digits: Int) -> String {
        (0..<digits).map { $0 == 0 ? "f" : String(Int.random(in: 0...15), radix: 16) }.joined()
    }

    /// The spans that have ended, in that order.
    var spans: [FinishedInMemorySpan] { self.memory.finishedSpans }
    var activeSpans: Int { self.memory.activeSpans.count }

    /// The last span of a name that has ended.
    func span(_ name: SpanName) -> FinishedInMemorySpan? {
        self.spans.last { $0.operationName == name.rawValue }
    }

    /// What the last span of a name says of itself.
    func attributes(of name: SpanName) -> [String: String] {
        var attributes: [String: String] = [:]
        self.span(name)?.attributes.forEach { key, value in attributes[key] = Self.text(value) }
        return attributes
    }

    private static func text(_ value: SpanAttribute) -> String {
        switch value {
        case .string(let text): text
        case .int64(let number): String(number)
        default: "\(value)"
        }
    }

    func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> InMemorySpan {
        self.memory.startSpan(
            operationName, context: context(), ofKind: kind, at: instant(), function: function, file: fileID,
            line: line)
    }

    func forceFlush() {}

    func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let span = context.inMemorySpanContext else { return }
        injector.inject("00-\(span.traceID)-\(span.spanID)-01", forKey: "traceparent", into: &carrier)
    }

    func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let parts = extractor.extract(key: "traceparent", from: carrier)?.split(separator: "-") else { return }
        context.inMemorySpanContext = InMemorySpanContext(
            traceID: String(parts[1]), spanID: String(parts[2]), parentSpanID: nil)
    }
}
