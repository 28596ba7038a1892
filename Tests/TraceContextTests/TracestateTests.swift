import Testing

@testable import TraceContext

@Suite struct TracestateTests {
    @Test(arguments: [
        "congo=t61rcWkgMzE", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", " rojo=1 ,\tcongo=2\t", "a=1,,b=2,",
        "fw529a3039@dt=FfYxM0==".replacing("==", with: "!!"), "0_-*/@x=a b c",
        (1...32).map { "k\($0)=v" }.joined(separator: ","), "a=\(String(repeating: "v", count: 256))",
    ]) func `A tracestate of the standard is taken`(_ text: String) {
        #expect(Tracestate.isValid(text))
    }

    @Test(arguments: [
        "", " ", ",", "novalue", "a=", "=1", "A=1", "_a=1", "a=1=2", "a=1,a=2", "a=é", "a=1\r\nX-Injected: yes",
        "a=\u{1}", (1...33).map { "k\($0)=v" }.joined(separator: ","), "a=\(String(repeating: "v", count: 257))",
        "a=\(String(repeating: "v", count: 250)),b=\(String(repeating: "v", count: 250)),c=0123456",
    ]) func `Anything else is no tracestate`(_ text: String) {
        #expect(!Tracestate.isValid(text))
    }
}
