import Glibc

/// What the system says of this process, under the names that Prometheus' client libraries use.
struct ProcessFigures: Sendable {
    /// Seconds since 1970.
    private let start: Double

    /// Reads when the process started; for its beginning, since a clock that is set later must not move that.
    init() {
        self.start = Self.seconds(CLOCK_REALTIME) - Self.age
    }

    /// What the system does not tell is left out.
    func read(into values: inout ScrapedValues) {
        values.set(MetricFamilies.processStart, to: self.start)
        values.set(MetricFamilies.processCPU, to: Self.seconds(CLOCK_PROCESS_CPUTIME_ID))
        let pages = SystemFile.words("/proc/self/statm").compactMap { Double($0) }
        if pages.count > 1 {
            let pageSize = Double(sysconf(Int32(_SC_PAGESIZE)))
            values.set(MetricFamilies.processVirtual, to: pages[0] * pageSize)
            values.set(MetricFamilies.processResident, to: pages[1] * pageSize)
        }
        if let open = SystemFile.entries("/proc/self/fd") {
            values.set(MetricFamilies.processOpenDescriptors, to: Double(open))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            values.set(MetricFamilies.processMaxDescriptors, to: Double(limit.rlim_cur))
        }
    }

    /// Seconds since the process was started; 0 where that cannot be known.
    private static var age: Double {
        // The name, in parentheses, may hold blanks and parentheses; the start is the 20th field behind it.
        let text = SystemFile.text("/proc/self/stat")
        guard let nameEnd = text.lastIndex(of: ")") else { return 0 }
        let fields = text[nameEnd...].split(separator: " ")
        guard fields.count > 20, let ticks = Double(fields[20]) else { return 0 }
        return max(0, Self.seconds(CLOCK_BOOTTIME) - ticks / Double(sysconf(Int32(_SC_CLK_TCK))))
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
