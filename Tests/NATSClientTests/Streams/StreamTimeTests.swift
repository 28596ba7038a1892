import Foundation
import TestSupport
import Testing

@testable import NATSClient

struct StreamTimeTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("2026-01-31T08:30:00.123456789Z", 1_769_848_200_123_456_789),
        ("2024-02-29T12:00:00Z", 1_709_208_000_000_000_000),
        ("2000-02-29T00:00:00Z", 951_782_400_000_000_000),
        ("1999-12-31T23:59:59.5Z", 946_684_799_500_000_000),
        ("1900-03-01T00:00:00Z", -2_203_891_200_000_000_000),
    ])
    func `A time is read from RFC 3339, to the nanosecond`(text: String, nanoseconds: Int) throws {
        #expect(try #require(StreamTime(rfc3339: text)).nanoseconds == nanoseconds)
    }

    @Test(arguments: [
        ("2026-01-31T09:30:00+01:00", "2026-01-31T08:30:00Z"),
        ("2026-01-31T00:00:00+23:59", "2026-01-30T00:01:00Z"),
        ("2026-01-31t03:00:00.25-05:30", "2026-01-31T08:30:00.250000000Z"),
        ("2026-01-31T08:30:00z", "2026-01-31T08:30:00Z"),
        ("2026-01-31T08:30:00.1234567899999Z", "2026-01-31T08:30:00.123456789Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
    ])
    func `Any zone is read, and UTC is written`(text: String, written: String) throws {
        #expect(try #require(StreamTime(rfc3339: text)).rfc3339 == written)
    }

    @Test(arguments: [
        "", "now", "2026-01-31", "2026-01-31T08:30:00", "2026-01-31 08:30:00Z", "2026-01-31T08:30Z",
        "2026-02-29T08:30:00Z", "1900-02-29T00:00:00Z", "2026-00-10T08:30:00Z", "2026-13-10T08:30:00Z",
        "2026-01-00T08:30:00Z", "2026-04-31T08:30:00Z", "2026-01-31T24:00:00Z", "2026-01-31T08:60:00Z",
        "2026-01-31T08:30:61Z", "2026-01-31T08:30:00.Z", "2026-01-31T08:30:00,5Z", "2026-01-31T08:30:00+0100",
        "2026-01-31T08:30:00+24:00", "2026-01-31T08:30:00+01:60", "2026-01-31T08:30:00+", "2026-01-31T08:30:00ZZ",
        " 2026-01-31T08:30:00Z", "+026-01-31T08:30:00Z", "20260-01-31T08:30:00Z", "２０２６-01-31T08:30:00Z",
    ])
    func `What is no time with a zone is refused`(text: String) {
        #expect(StreamTime(rfc3339: text) == nil)
    }

    @Test(arguments: [
        ("0001-01-01T00:00:00Z", Int.min), ("0000-01-01T00:00:00Z", .min), ("9999-12-31T23:59:59Z", .max),
    ])
    func `A year that does not fit gives the nearest time`(text: String, nanoseconds: Int) throws {
        #expect(try #require(StreamTime(rfc3339: text)).nanoseconds == nanoseconds)
    }

    @Test func `Sums end at the first and the last time there is`() {
        let last = StreamTime(nanoseconds: .max)
        let first = StreamTime(nanoseconds: .min)
        #expect(last + .seconds(1) == last)
        #expect(first - .seconds(1) == first)
        #expect(StreamTime(seconds: .max) == last)
        #expect(StreamTime(seconds: .min) == first)
        #expect(last - first > .seconds(500 * 365 * 86_400))
        #expect(StreamTime(nanoseconds: 5) + .milliseconds(-1) == StreamTime(nanoseconds: -999_995))
        #expect(first < last)
    }

    @Test func `Every time is read back as it was written, and Foundation writes the same day`() throws {
        let style = Date.ISO8601FormatStyle()
        let seed = Seed.forTest()
        var generator = seed.generator
        for nanoseconds in [Int.min, .max] + (0..<2000).map({ _ in Int.random(in: .min ... .max, using: &generator) }) {
            let time = StreamTime(nanoseconds: nanoseconds)
            #expect(StreamTime(rfc3339: time.rfc3339) == time)
            let seconds = (Double(nanoseconds) / 1e9).rounded(.down)
            let date = Date(timeIntervalSince1970: seconds).formatted(style)
            // A double does not hold every nanosecond: near a second's end it may already be in the next.
            #expect(time.rfc3339.prefix(10) == date.prefix(10) || nanoseconds % 86_400_000_000_000 > 86_399_000_000_000)
        }
    }

    @Test func `The clock's time lies in this century`() {
        #expect(StreamTime.now.rfc3339.hasPrefix("20"))
    }
}
