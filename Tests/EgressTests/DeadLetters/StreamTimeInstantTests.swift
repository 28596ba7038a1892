import NATSClient
import Testing

@testable import Egress

/// The times of `Wa-Expires`, `--since` and `--until`.
@Suite struct StreamTimeInstantTests {
    @Test(arguments: [
        ("0", 0), ("1769851800", 1_769_851_800), ("2026-01-31T09:30:00Z", 1_769_851_800),
        ("2026-01-31T10:30:00+01:00", 1_769_851_800), ("99999999999999999", Int.max / 1_000_000_000),
    ])
    func `RFC 3339 with a zone and Unix seconds are times`(text: String, seconds: Int) throws {
        #expect(try #require(StreamTime(instant: text)).nanoseconds / 1_000_000_000 == seconds)
    }

    @Test(arguments: ["", "-1", "+1", "1.5", " 1", "soon", "2026-01-31", "2026-01-31T09:30:00", "99999999999999999999"])
    func `Anything else is none`(text: String) {
        #expect(StreamTime(instant: text) == nil)
    }
}
