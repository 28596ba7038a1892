import Glibc

/// CPU time and wall-clock time of a load, without what lies between its parts.
struct Measurement {
    private let pids: [Int32]
    private var before: Counts?
    private var spent = Counts(seconds: 0, cpu: 0, own: 0)

    private struct Counts {
        var seconds: Double
        /// CPU seconds of the processes that are measured.
        var cpu: Double
        /// CPU seconds of this process.
        var own: Double
    }

    /// - Parameter pids: the processes whose CPU time is counted.
    init(pids: [Int32]) {
        self.pids = pids
    }

    /// Begins to count, or goes on.
    mutating func resume() {
        self.before = self.now()
    }

    /// Leaves out what comes until it goes on.
    mutating func pause() {
        guard let before else { return }
        let now = self.now()
        self.spent.seconds += now.seconds - before.seconds
        self.spent.cpu += now.cpu - before.cpu
        self.spent.own += now.own - before.own
        self.before = nil
    }

    /// Prints one line for machines and one for people.
    mutating func report(_ name: String, _ outcome: Outcome) {
        self.pause()
        let sorted = outcome.latencies.sorted()
        let done = sorted.count
        let refused = outcome.refused
        let seconds = self.spent.seconds
        let rate = Double(done) / seconds
        let each = done == 0 ? 0 : self.spent.cpu / Double(done) * 1_000_000
        let own = done == 0 ? 0 : self.spent.own / Double(done) * 1_000_000
        let p50 = Self.milliseconds(sorted, 0.5)
        let p99 = Self.milliseconds(sorted, 0.99)
        print(
            """
            {"bench":"\(name)","done":\(done),"refused":\(refused),"seconds":\(seconds),"rate":\(rate),"cpu_us":\(each),\
            "load_cpu_us":\(own),"p50_ms":\(p50),"p99_ms":\(p99)}
            """)
        print(
            "\(name): \(Int(rate))/s, \(Int(each)) µs CPU each, p50 \(p50) ms, p99 \(p99) ms; \(done) done, \(refused) refused"
        )
    }

    private func now() -> Counts {
        let own = ProcessCPU.ofThisProcess
        let cpu = self.pids.reduce(0) { $0 + ProcessCPU.seconds(of: $1) }
        return Counts(seconds: Self.monotonicSeconds, cpu: cpu, own: own)
    }

    private static var monotonicSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func milliseconds(_ sorted: [Duration], _ quantile: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let value = sorted[min(sorted.count - 1, Int(Double(sorted.count) * quantile))]
        return (value / .microseconds(1)).rounded() / 1000
    }
}
