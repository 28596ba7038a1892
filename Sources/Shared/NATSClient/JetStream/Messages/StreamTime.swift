import Glibc

/// A server's time: nanoseconds since 1970 in UTC, between the years 1677 and 2262.
package struct StreamTime: Hashable, Comparable, Sendable {
    package let nanoseconds: Int

    package init(nanoseconds: Int) {
        self.nanoseconds = nanoseconds
    }

    /// A time in seconds since 1970, and nanoseconds beyond them; the nearest there is where it does not fit.
    package init(seconds: Int, nanoseconds: Int = 0) {
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isBeyond) = whole.addingReportingOverflow(nanoseconds)
        self.init(nanoseconds: overflow || isBeyond ? (seconds < 0 ? .min : .max) : sum)
    }

    /// What this host's clock says.
    package static var now: StreamTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return StreamTime(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
    }

    package static func < (one: StreamTime, other: StreamTime) -> Bool { one.nanoseconds < other.nanoseconds }

    /// The time that much later; the nearest there is where it does not fit.
    package static func + (time: StreamTime, duration: Duration) -> StreamTime {
        let (seconds, attoseconds) = duration.components
        let shift = StreamTime(seconds: Int(seconds), nanoseconds: Int(attoseconds / 1_000_000_000)).nanoseconds
        let (sum, overflow) = time.nanoseconds.addingReportingOverflow(shift)
        return StreamTime(nanoseconds: overflow ? (shift < 0 ? .min : .max) : sum)
    }

    package static func - (time: StreamTime, duration: Duration) -> StreamTime {
        time + (.zero - duration)
    }

    /// How long after another time this one is.
    package static func - (time: StreamTime, other: StreamTime) -> Duration {
        .nanoseconds(time.nanoseconds) - .nanoseconds(other.nanoseconds)
    }
}
