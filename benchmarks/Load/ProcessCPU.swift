import Glibc

/// User and system time of processes, as the kernel counts it, to the nanosecond.
enum ProcessCPU {
    /// Since the process began, all its threads together; 0 when it is no more.
    static func seconds(of pid: Int32) -> Double {
        var clock = clockid_t()
        guard clock_getcpuclockid(pid, &clock) == 0 else { return 0 }
        return self.seconds(on: clock)
    }

    static var ofThisProcess: Double { self.seconds(on: CLOCK_PROCESS_CPUTIME_ID) }

    private static func seconds(on clock: clockid_t) -> Double {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
