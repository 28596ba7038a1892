import Glibc

/// What became of the load: how long each success took, and how much was refused.
struct Outcome: Sendable {
    var latencies: [Duration] = []
    var refused = 0

    mutating func add(_ other: Outcome) {
        self.latencies += other.latencies
        self.refused += other.refused
    }

    /// Counts what a broken connection leaves undone as refused.
    func breakingOff(after count: Int) -> Outcome {
        Outcome(latencies: self.latencies, refused: count - self.latencies.count)
    }
}

/// CPU time and latencies of one run.
struct Measurement {
    private let began = ContinuousClock.now
    private let cpuBefore: [Int32: Double]
    private let pids: [Int32]

    /// - Parameter pids: the processes whose CPU time is counted.
    init(pids: [Int32]) {
        self.pids = pids
        self.cpuBefore = Dictionary(uniqueKeysWithValues: pids.map { ($0, Self.cpuSeconds(of: $0)) })
    }

    /// Prints one line for machines and one for people.
    func report(_ name: String, _ outcome: Outcome) {
        let seconds = (ContinuousClock.now - self.began) / .seconds(1)
        let sorted = outcome.latencies.sorted()
        let cpu = self.pids.reduce(0) { $0 + Self.cpuSeconds(of: $1) - (self.cpuBefore[$1] ?? 0) }
        let done = sorted.count
        let refused = outcome.refused
        let rate = Double(done) / seconds
        let each = done == 0 ? 0 : cpu / Double(done) * 1_000_000
        let p50 = Self.milliseconds(sorted, 0.5)
        let p99 = Self.milliseconds(sorted, 0.99)
        print(
            """
            {"bench":"\(name)","done":\(done),"refused":\(refused),"seconds":\(seconds),"rate":\(rate),"cpu_us":\(each),\
            "p50_ms":\(p50),"p99_ms":\(p99)}
            """)
        print(
            "\(name): \(Int(rate))/s, \(Int(each)) µs CPU each, p50 \(p50) ms, p99 \(p99) ms; \(done) done, \(refused) refused"
        )
    }

    private static func milliseconds(_ sorted: [Duration], _ quantile: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let value = sorted[min(sorted.count - 1, Int(Double(sorted.count) * quantile))]
        return (value / .microseconds(1)).rounded() / 1000
    }

    /// User and system time since the process began, from `/proc/<pid>/stat`.
    private static func cpuSeconds(of pid: Int32) -> Double {
        guard let file = fopen("/proc/\(pid)/stat", "r") else { return 0 }
        defer { fclose(file) }
        var text = [UInt8](repeating: 0, count: 4096)
        let count = fread(&text, 1, text.count, file)
        // The name in parentheses may hold blanks; what follows it does not.
        let fields =
            String(decoding: text[..<count], as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
