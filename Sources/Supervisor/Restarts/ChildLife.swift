import Daemon

/// The life of one child, as a value: takes events, returns actions, touches nothing.
///
/// An event that a state has no use for changes nothing, so that a late datagram or a second SIGTERM needs no care.
struct ChildLife: Hashable {
    /// What a child is given.
    struct Terms: Hashable {
        /// How long a drain may take.
        let drain: Duration
        /// How long it may go without a sign of life; nil: without end.
        let watchdog: Duration?
    }

    /// So long a readiness makes good for all that was.
    static let calm = Duration.seconds(60)
    /// So long after SIGABRT a child that is stuck may take to die of it.
    static let abortGrace = Duration.seconds(2)

    private(set) var state: State = .idle
    private(set) var standing: Standing
    /// Whether the child has ever been ready, in this process or an earlier one.
    private(set) var hasBeenReady = false
    /// Whether the process that there is has been ready.
    private(set) var isProcessProven = false
    /// When the latest process was started.
    private(set) var startedAt: ContinuousClock.Instant?
    /// Whether it was started again too often; a minute of readiness ends that.
    private(set) var isFailing = false
    /// How often it was started again.
    private(set) var restarts = 0
    /// How it ended the last time.
    private(set) var lastEnd: ChildEnd?
    let terms: Terms
    /// When the child showed last that it works; its start counts.
    private var lastSign: ContinuousClock.Instant?
    private var backoff = Backoff(first: .milliseconds(500), longest: .seconds(30), firstAtOnce: true)
    private var intensity = RestartIntensity()
    /// Whether a minute of readiness has something to make good.
    private var isUneasy = false

    init(_ terms: Terms, as standing: Standing = .sole) {
        self.terms = terms
        self.standing = standing
    }

    /// When `due` is to be told; nil when nothing is waited for. It may move later without notice.
    var deadline: ContinuousClock.Instant? {
        switch self.state {
        case .waiting(let until), .draining(let until), .stuck(let until?): until
        case .running(let since):
            [self.isUneasy ? since.map { $0 + Self.calm } : nil, self.watchdogDeadline].compactMap { $0 }.min()
        case .idle, .stuck(nil), .held, .down, .killed, .gone: nil
        }
    }

    /// Whether there is a process.
    var isAlive: Bool {
        switch self.state {
        case .running, .stuck, .draining, .killed: true
        case .idle, .waiting, .held, .down, .gone: false
        }
    }

    var isReady: Bool {
        if case .running(_?) = self.state { true } else { false }
    }

    /// Takes an event and says what is to be done.
    mutating func handle(
        _ event: Event, at now: ContinuousClock.Instant, using generator: inout some RandomNumberGenerator
    ) -> Action {
        switch (self.state, event) {
        case (.idle, .begin):
            return self.started(at: now)
        case (.running(nil), .ready):
            self.state = .running(readySince: now)
            self.hasBeenReady = true
            self.isProcessProven = true
        case (.running(let since?), .notReady):
            self.settle(readySince: since, at: now)
            self.state = .running(readySince: nil)
        case (.running, .alive), (.running, .resumed):
            self.lastSign = now
        case (.running(let since), .due):
            if let since { self.settle(readySince: since, at: now) }
            guard let deadline = self.watchdogDeadline, deadline <= now else { return .none }
            self.state = .stuck(until: now + Self.abortGrace)
            return .abort
        case (.stuck(let until?), .due) where until <= now:
            self.state = .stuck(until: nil)
            return .kill
        case (.stuck(_?), .resumed):
            self.state = .stuck(until: now + Self.abortGrace)
        case (.running(let since), .ended(let end)):
            if let since { self.settle(readySince: since, at: now) }
            return self.ended(end, at: now, using: &generator)
        case (.stuck, .ended(let end)):
            return self.ended(end, at: now, using: &generator)
        case (.waiting(let until), .due) where until <= now:
            return self.startedAgain(at: now)
        case (.waiting, .renew), (.down, .renew):
            return self.renewed(at: now)

        case (.idle, .challenged) where self.standing == .sole, (.waiting, .challenged), (.down, .challenged):
            self.standing = .predecessor
            self.state = .held
        case (.running, .challenged) where self.standing == .sole, (.stuck, .challenged) where self.standing == .sole:
            self.standing = .predecessor
        case (.held, .confirmed):
            self.standing = .sole
            return self.renewed(at: now)
        case (.running, .confirmed), (.stuck, .confirmed):
            self.standing = .sole

        case (.running, .drain):
            self.state = .draining(until: now + self.terms.drain)
            return .terminate
        case (.stuck(let until), .drain):
            // It has no ear for SIGTERM; SIGABRT is on its way, or SIGKILL already.
            self.state = until.map { .draining(until: $0) } ?? .killed
        case (.draining, .resumed):
            self.state = .draining(until: now + self.terms.drain)
        case (.draining(let until), .due) where until <= now:
            self.state = .killed
            return .kill
        case (.draining, .ended(let end)), (.killed, .ended(let end)):
            self.lastEnd = end
            self.state = .gone
        case (.idle, .drain), (.waiting, .drain), (.held, .drain), (.down, .drain):
            self.state = .gone
        default:
            break
        }
        return .none
    }

    private var watchdogDeadline: ContinuousClock.Instant? {
        guard let watchdog = self.terms.watchdog, let lastSign = self.lastSign else { return nil }
        return lastSign + watchdog
    }

    private mutating func started(at now: ContinuousClock.Instant) -> Action {
        self.state = .running(readySince: nil)
        self.isProcessProven = false
        self.startedAt = now
        self.lastSign = now
        return .spawn
    }

    private mutating func ended(
        _ end: ChildEnd, at now: ContinuousClock.Instant, using generator: inout some RandomNumberGenerator
    ) -> Action {
        self.lastEnd = end
        switch self.standing {
        case .newcomer:
            self.state = .gone
            return .giveUp
        case .predecessor:
            self.state = .held
            return .hold
        case .sole where end == .exited(ExitStatus.configuration.rawValue):
            self.state = .down
            return .stayDown
        case .sole:
            self.isUneasy = true
            let delay = self.backoff.next(using: &generator)
            self.state = .waiting(until: now + delay)
            return .restart(after: delay)
        }
    }

    private mutating func startedAgain(at now: ContinuousClock.Instant) -> Action {
        self.restarts += 1
        if self.intensity.restarted(at: now) {
            self.isFailing = true
            self.backoff.skipToLongest()
        }
        return self.started(at: now)
    }

    /// Starts again as if nothing had been.
    private mutating func renewed(at now: ContinuousClock.Instant) -> Action {
        self.forget()
        self.restarts += 1
        return self.started(at: now)
    }

    /// Forgets what was once the child has been ready for a minute.
    private mutating func settle(readySince since: ContinuousClock.Instant, at now: ContinuousClock.Instant) {
        guard self.isUneasy, now - since >= Self.calm else { return }
        self.forget()
    }

    private mutating func forget() {
        self.backoff.reset()
        self.intensity.reset()
        self.isFailing = false
        self.isUneasy = false
    }
}
