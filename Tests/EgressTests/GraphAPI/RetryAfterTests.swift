import Testing

@testable import Egress

@Suite struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT, the date of RFC 9110's examples.
    static let then = 784_111_777

    @Test(arguments: [
        ("0", Duration.zero), ("120", .seconds(120)), (" 5\t", .seconds(5)), ("86401", .seconds(86_400)),
        ("99999999999999999999999999", .seconds(86_400)),
    ])
    func `Seconds are read, at most a day of them`(value: String, duration: Duration) {
        #expect(RetryAfter.duration(value, now: Self.then) == duration)
    }

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ])
    func `A date is counted from now, in each form HTTP has`(value: String) {
        #expect(RetryAfter.duration(value, now: Self.then - 30) == .seconds(30))
        #expect(RetryAfter.duration(value, now: Self.then + 30) == .zero)
        #expect(RetryAfter.duration(value, now: Self.then - 100_000_000) == .seconds(86_400))
    }

    @Test(arguments: [
        "", " ", "-1", "1.5", "1 s", "soon", "12:34:56 nonsense of nowhere", "0x10", "\u{0}", "é",
        String(repeating: "9", count: 65), "Sun, 99 Nov 1994 08:49:37 GMT",
    ])
    func `What is neither is passed over`(value: String) {
        #expect(RetryAfter.duration(value, now: Self.then) == nil)
    }
}
