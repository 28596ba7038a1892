import Synchronization

/// Keeps telling the service manager whether this process can serve, as a live fact.
///
/// Until it can for the first time, the start time-out is extended without end: a process that waits for its server is
/// not one that has failed to start. Afterwards a failing check is told once it has failed for longer than `patience`.
package final class ReadinessLoop: Sendable {
    /// What a check found.
    package enum Finding: Hashable, Sendable {
        /// The process can serve; the text is its status.
        case ready(String)
        /// It cannot, for this reason.
        case notReady(String)
    }

    private let notifier: Notifier
    private let interval: Duration
    private let patience: Duration
    private let check: @Sendable () async -> Finding
    private let readiness = Atomic<Bool>(false)

    /// - Parameters:
    ///   - interval: from the end of one check to the next; while not ready a tenth of it.
    ///   - patience: how long a process that was ready may fail its checks before it counts as not ready.
    ///   - check: looks whether the process can serve, within a few seconds.
    package init(
        notifier: Notifier, interval: Duration = .seconds(2), patience: Duration = .seconds(5),
        check: @escaping @Sendable () async -> Finding
    ) {
        self.notifier = notifier
        self.interval = interval
        self.patience = patience
        self.check = check
    }

    /// Whether the process counts as ready.
    package var isReady: Bool { self.readiness.load(ordering: .relaxed) }

    /// Checks until its task is cancelled.
    package func run() async {
        var told: Finding?
        var lastReady: ContinuousClock.Instant?
        var nextExtension = ContinuousClock.now
        while !Task.isCancelled {
            var finding = await self.check()
            guard !Task.isCancelled else { return }
            switch finding {
            case .ready:
                lastReady = .now
            case .notReady:
                if let lastReady, ContinuousClock.now - lastReady < self.patience, let told {
                    finding = told
                }
            }
            if finding != told {
                self.tell(finding)
                told = finding
            }
            if lastReady == nil, ContinuousClock.now >= nextExtension {
                self.notifier.extendTimeout(by: .seconds(30))
                nextExtension = .now + .seconds(10)
            }
            try? await Task.sleep(for: lastReady == nil ? self.interval / 10 : self.interval)
        }
    }

    private func tell(_ finding: Finding) {
        switch finding {
        case .ready(let status):
            self.readiness.store(true, ordering: .relaxed)
            self.notifier.ready(status)
        case .notReady(let reason):
            self.readiness.store(false, ordering: .relaxed)
            self.notifier.notReady(reason)
        }
    }
}
