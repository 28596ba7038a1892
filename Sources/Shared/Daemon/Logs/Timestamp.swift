import Glibc

/// Points in time as the log writes them.
enum Timestamp {
    /// Now, such as `2026-07-01T12:34:56.789Z`.
    static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Self.text(of: time)
    }

    static func text(of time: timespec) -> String {
        var seconds = time.tv_sec
        var parts = tm()
        guard gmtime_r(&seconds, &parts) != nil else { return "0000-00-00T00:00:00.000Z" }
        let year = Self.digits(Int(parts.tm_year) + 1900, 4)
        let rest = [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec]
            .map { Self.digits(Int($0), 2) }
        let milliseconds = Self.digits(time.tv_nsec / 1_000_000, 3)
        return "\(year)-\(rest[0])-\(rest[1])T\(rest[2]):\(rest[3]):\(rest[4]).\(milliseconds)Z"
    }

    private static func digits(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
