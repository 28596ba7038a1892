import Instrumentation

/// What a process does about traces.
package enum TraceSetup {
    /// The one place to change for spans to be exported: give back the exporter's tracer, which has to read and write
    /// `traceparent` itself. docs/tracing.md says more.
    private static func instrument() -> any Instrument {
        W3CInstrument()
    }

    /// Sets the process up; once, before anything is served. Whoever has bootstrapped an instrument before is left alone.
    package static func bootstrap() {
        guard InstrumentationSystem.instrument is NoOpInstrument else { return }
        InstrumentationSystem.bootstrap(self.instrument())
    }
}
