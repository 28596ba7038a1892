import Daemon

/// The life of one child process, as a value: takes events, returns actions, touches nothing.
///
/// An event that a state has no use for changes nothing, so that a late datagram or a second SIGTERM needs no care.
struct ChildLife: Hashable {
    enum State: Hashable {
        /// Never started. Can transition to `running` or `gone`.
        case idle
        /// Spawned; ready since then, or not (yet). Can transition to `waiting`, `down` or `draining`.
        case running(readySince: ContinuousClock.Instant?)
        /// Ended, and to be started again at that time. Can transition to `running` or `gone`.
        case waiting(until: ContinuousClock.Instant)
        /// Ended with exit status 78: another try cannot help. Can transition to `gone`.
        case down
        /// Told to stop, and to be killed at that time. Can transition to `killed` or `gone`.
        case draining(until: ContinuousClock.Instant)
        /// Killed, and not yet ended. Can transition to `gone`.
        case killed
        /// Ended for good.
        case gone
    }

    enum Event: Hashable {
        /// The supervisor begins.
        case begin
        /// The child says that it can serve.
        case ready
        /// The child says that it cannot serve for now.
        case notReady
        /// The child has ended, or could not be spawned.
        case ended(ChildEnd)
        /// The time is `deadline` or later.
        case due
        /// The supervisor was told to stop.
        case drain
    }

    enum Action: Hashable {
        case none
        /// Spawn the child now.
        case spawn
        /// Nothing yet: the child is spawned again after this time.
        case restart(after: Duration)
        /// Nothing: the child stays down.
        case stayDown
        /// Send SIGTERM.
        case terminate
        /// Send SIGKILL.
        case kill
    }

    /// So long a readiness makes good for all that was.
    static let calm = Duration.seconds(60)

    private(set) var state: State = .idle
    /// Whether the child has ever been ready, in this process or an earlier one.
    private(set) var hasBeenReady = false
    /// Whether it was started again too often; a minute of readiness ends that.
    private(set) var isFailing = false
    /// How often it was started again.
    private(set) var restarts = 0
    /// How it ended the last time.
    private(set) var lastEnd: ChildEnd?
    /// How long a drain may take.
    private let drain: Duration
    private var backoff = Backoff(first: .milliseconds(500), longest: .seconds(30), firstAtOnce: true)
    private var intensity = RestartIntensity()
    /// Whether a minute of readiness has something to make good.
    private var isUneasy = false

    init(drain: Duration) {
        self.drain = drain
    }

    /// When `due` is to be told; nil when nothing is waited for.
    var deadline: ContinuousClock.Instant? {
        switch self.state {
        case .waiting(let until), .draining(let until): until
        case .running(let since?) where self.isUneasy: since + Self.calm
        case .idle, .running, .down, .killed, .gone: nil
        }
    }

    /// Whether there is a process.
    var isAlive: Bool {
        switch self.state {
        case .running, .draining, .killed: true
        case .idle, .waiting, .down, .gone: false
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
            self.state = .running(readySince: nil)
            return .spawn
        case (.running(nil), .ready):
            self.state = .running(readySince: now)
            self.hasBeenReady = true
        case (.running(let since?), .notReady):
            self.settle(readySince: since, at: now)
            self.state = .running(readySince: nil)
        case (.running(let since), .ended(let end)):
            if let since { self.settle(readySince: since, at: now) }
            return self.ended(end, at: now, using: &generator)
        case (.running(let since?), .due):
            self.settle(readySince: since, at: now)
        case (.running, .drain):
            self.state = .draining(until: now + self.drain)
            return .terminate
        case (.waiting(let until), .due) where until <= now:
            self.spawnedAgain(at: now)
            return .spawn
        case (.draining(let until), .due) where until <= now:
            self.state = .killed
            return .kill
        case (.draining, .ended(let end)), (.killed, .ended(let end)):
            self.lastEnd = end
            self.state = .gone
        case (.idle, .drain), (.waiting, .drain), (.down, .drain):
            self.state = .gone
        default:
            break
        }
        return .none
    }

    private mutating func ended(
        _ end: ChildEnd, at now: ContinuousClock.Instant, using generator: inout some RandomNumberGenerator
    ) -> Action {
        self.lastEnd = end
        guard end != .exited(ExitStatus.configuration.rawValue) else {
            self.state = .down
            return .stayDown
        }
        self.isUneasy = true
        let delay = self.backoff.next(using: &generator)
        self.state = .waiting(until: now + delay)
        return .restart(after: delay)
    }

    private mutating func spawnedAgain(at now: ContinuousClock.Instant) {
        self.state = .running(readySince: nil)
        self.restarts += 1
        if self.intensity.restarted(at: now) {
            self.isFailing = true
            self.backoff.skipToLongest()
        }
    }

    /// Forgets what was once the child has been ready for a minute.
    private mutating func settle(readySince since: ContinuousClock.Instant, at now: ContinuousClock.Instant) {
        guard self.isUneasy, now - since >= Self.calm else { return }
        self.backoff.reset()
        self.intensity.reset()
        self.isFailing = false
        self.isUneasy = false
    }
}
