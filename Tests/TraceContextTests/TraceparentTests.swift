import Testing

@testable import TraceContext

@Suite struct TraceparentTests {
    @Test func `A new trace is a valid traceparent, and no two are alike`() {
        let traces = (0..<1000).map { _ in Traceparent.begin() }
        #expect(traces.allSatisfy { Traceparent.isValid($0) })
        #expect(Set(traces).count == 1000)
    }

    @Test(arguments: [
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later",
    ])
    func `A traceparent of the standard is taken`(_ text: String) {
        #expect(Traceparent.isValid(text))
    }

    @Test(arguments: [
        "", "00", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\r\n",
        "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
    ])
    func `Anything else is no traceparent`(_ text: String) {
        #expect(!Traceparent.isValid(text))
    }
}
