import Synchronization

/// Keeps looking whether this process can serve, as a live fact: tells the service manager, and whoever asks.
///
/// Until it can for the first time, the start time-out is extended without end: a process that waits for its server is
/// not one that has failed to start. What fails is told at once; what is unknown, as while NATS is away, once it has
/// been so for longer than `patience`.
package final class ReadinessLoop: Sendable {
    private let notifier: Notifier
    /// From a look that has found something amiss to the next, at first: at a start much changes within moments.
    private static let shortestPause = Duration.milliseconds(20)

    private let interval: Duration
    private let patience: Duration
    private let check: @Sendable () async -> ReadinessReport
    private let latest: Mutex<LatestReport>

    /// - Parameters:
    ///   - interval: from the end of one look to the next; while a check does not hold 20 ms, 40 ms … up to a quarter of
    ///     it, but no less than the look has taken.
    ///   - patience: the age at which something that was found, and cannot be looked at again, counts no more.
    ///   - maximumAge: when the latest report is older, the process counts as not ready; longer than the interval and
    ///     a look together.
    ///   - check: looks at everything, within a few seconds.
    package init(
        notifier: Notifier, interval: Duration = .seconds(2), patience: Duration = .seconds(5),
        maximumAge: Duration = .seconds(5), check: @escaping @Sendable () async -> ReadinessReport
    ) {
        self.notifier = notifier
        self.interval = interval
        self.patience = patience
        self.check = check
        self.latest = Mutex(LatestReport(maximumAge: maximumAge))
    }

    /// Whether the process can serve, as far as is known now.
    package var report: ReadinessReport { self.latest.withLock { $0.current(at: .now) } }

    /// From now on the process is not ready; to be called when its drain begins.
    package func beginDrain() {
        self.latest.withLock { $0.beginDrain() }
    }

    /// Looks until its task is cancelled.
    package func run() async {
        var patience = ReadinessPatience(limit: self.patience)
        var told: ReadinessReport?
        var hasBeenReady = false
        var nextExtension = ContinuousClock.now
        var pause = Self.shortestPause
        while !Task.isCancelled {
            let begin = ContinuousClock.now
            let found = await self.check()
            guard !Task.isCancelled else { return }
            let now = ContinuousClock.now
            let verdict = patience.settled(found, from: begin, to: now)
            let report = verdict.report
            self.latest.withLock { $0.take(verdict, at: now) }
            self.tell(report, after: &told)
            if report.isReady {
                hasBeenReady = true
            } else if !hasBeenReady, now >= nextExtension {
                self.notifier.extendTimeout(by: .seconds(30))
                nextExtension = now + .seconds(10)
            }
            // What was found, not what patience makes of it: a return should be noticed at once.
            let next = found.isReady ? self.interval : min(max(pause, now - begin), self.interval / 4)
            // The service manager is to hear when patience ends, where no look is under way then.
            if let end = verdict.end, end - now <= next {
                try? await Task.sleep(for: max(.zero, end - now))
                if Task.isCancelled { return }
                self.tell(verdict.later, after: &told)
            } else {
                try? await Task.sleep(for: next)
            }
            pause = found.isReady ? Self.shortestPause : min(pause * 2, self.interval)
        }
    }

    /// - Parameter told: what was told last, if it was not the same.
    private func tell(_ report: ReadinessReport, after told: inout ReadinessReport?) {
        guard report.isReady != told?.isReady || report.status != told?.status else { return }
        told = report
        if report.isReady {
            self.notifier.ready(report.status)
        } else {
            self.notifier.notReady(report.status)
        }
    }
}
