import Glibc

/// What came of one kind of steady load: how often it went well, how often not and why, and the longest gap between.
struct Tally: Sendable {
    private struct Failure {
        var count = 0
        var slowest = Duration.zero
    }

    private(set) var asked = 0
    private(set) var answered = 0
    private var lastAnswer: ContinuousClock.Instant?
    private var longestGap = Duration.zero
    private var slowest = Duration.zero
    private var failures: [String: Failure] = [:]

    mutating func ask() {
        self.asked += 1
    }

    /// Notes a success of what was asked for at that time.
    mutating func answer(asked: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        self.answered += 1
        if let lastAnswer { self.longestGap = max(self.longestGap, now - lastAnswer) }
        self.lastAnswer = now
        self.slowest = max(self.slowest, now - asked)
    }

    /// Notes a failure under a word for it.
    mutating func fail(_ kind: String, asked: ContinuousClock.Instant) {
        let time = ContinuousClock.now - asked
        self.failures[kind, default: Failure()].count += 1
        self.failures[kind, default: Failure()].slowest = max(self.failures[kind]?.slowest ?? .zero, time)
    }

    /// Numbers by name: times in whole milliseconds, each kind of failure with its count and its slowest.
    var figures: [(name: String, value: Int)] {
        let failed = self.failures.values.reduce(0) { $0 + $1.count }
        return [
            ("asked", self.asked), ("answered", self.answered), ("failed", failed),
            ("longest_gap_ms", self.longestGap.wholeMilliseconds), ("slowest_ms", self.slowest.wholeMilliseconds),
        ]
            + self.failures.sorted { $0.key < $1.key }.flatMap { kind, failure in
                [(kind, failure.count), ("\(kind)_slowest_ms", failure.slowest.wholeMilliseconds)]
            }
    }
}

extension Duration {
    /// Rounded.
    var wholeMilliseconds: Int { Int((self / .milliseconds(1)).rounded()) }
}

/// Prints a line so that whoever reads a pipe sees it now.
func printNow(_ line: String) {
    print(line)
    fflush(nil)
}
