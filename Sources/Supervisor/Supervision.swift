import Daemon
import Glibc
import Logging

/// The supervisor at work: starts the workers, follows their notices and ends, and drains them when told to stop.
///
/// All of it happens on one thread, the main one, which lives as long as the process: workers get SIGTERM from the
/// kernel when the thread that spawned them ends. Decisions are the roster's; this obeys. Watchdog and reload have
/// their place here, among the signals and the deadlines.
struct Supervision {
    /// How many datagrams are read at once, so that a flood of them holds up nothing else.
    private static let noticesAtOnce = 1000
    /// While nobody is ready, systemd is asked for this much more time …
    private static let startExtension = Duration.seconds(30)
    /// … this often.
    private static let extensionInterval = Duration.seconds(10)

    private let plans: [WorkerPlan]
    private let signals: SignalQueue
    private let notices: NotifySocket
    private let notifier: Notifier
    private let logger: Logger
    private var roster: Roster
    private var generator = SystemRandomNumberGenerator()
    /// The processes that run, by the index of their worker.
    private var processes: [Int: pid_t] = [:]
    /// Datagrams from processes that are no children of ours.
    private var strangers = 0
    private var toldStatus: String?
    private var nextExtension: ContinuousClock.Instant

    /// - Parameters:
    ///   - drain: how long a worker may take to finish what it has.
    ///   - idleReason: the status where there is no worker.
    init(
        plans: [WorkerPlan], drain: Duration, idleReason: String, signals: SignalQueue, notices: NotifySocket,
        notifier: Notifier, logger: Logger
    ) {
        self.plans = plans
        self.signals = signals
        self.notices = notices
        self.notifier = notifier
        self.logger = logger
        let now = ContinuousClock.now
        self.nextExtension = now
        self.roster = Roster(names: plans.map(\.name), drain: drain, startingAt: now, idleReason: idleReason)
    }

    /// Works until every worker is gone for good.
    mutating func run() -> ExitStatus {
        for index in self.plans.indices { self.tell(.begin, to: index) }
        while true {
            self.report()
            if let ending = self.roster.ending {
                self.logEnding(ending)
                return ending
            }
            self.waitForSomething()
            self.takeSignals()
            self.takeNotices()
            for index in self.roster.indicesDue(at: .now) { self.tell(.due, to: index) }
        }
    }

    /// Whether systemd still waits for the supervisor to be ready.
    private var isStarting: Bool { !self.roster.isReady && !self.roster.isDraining }

    // MARK: What happens

    private func waitForSomething() {
        var timeout: Int32 = -1
        let deadlines = [self.roster.deadline, self.isStarting ? self.nextExtension : nil].compactMap { $0 }
        if let deadline = deadlines.min() {
            // Rounded up, lest the last millisecond be spent in turning round.
            let (seconds, attoseconds) = max(.zero, deadline - .now).components
            timeout = Int32(clamping: min(seconds, 86_400) * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
        }
        var sources = [self.signals.descriptor, self.notices.descriptor].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        poll(&sources, nfds_t(sources.count), timeout)
    }

    private mutating func takeSignals() {
        while let signal = self.signals.next() {
            switch signal {
            case SIGCHLD:
                break
            case SIGHUP:
                self.logger.warning("SIGHUP is passed over: the configuration is read at the start only")
            case _ where self.roster.isDraining:
                break
            default:
                self.logger.notice("stopping", metadata: ["signal": "\(StopSignals.name(of: signal))"])
                self.roster.beginDrain()
                self.notifier.stopping(self.roster.status)
                for index in self.plans.indices { self.tell(.drain, to: index) }
            }
        }
        // Whatever signals have come: several ends may share one SIGCHLD. As PID 1 all orphans are ours too.
        while let pid = Reaper.nextEnded() {
            self.takeNotices()
            let end = Reaper.reap(pid)
            guard let index = self.processes.first(where: { $1 == pid })?.key else { continue }
            self.processes[index] = nil
            self.tell(.ended(end), to: index, pid: pid)
        }
    }

    private mutating func takeNotices() {
        for _ in 0..<Self.noticesAtOnce {
            guard let notice = self.notices.receive() else { return }
            guard case .message(let message, let sender) = notice,
                let index = self.processes.first(where: { $1 == sender })?.key
            else {
                self.strangers += 1
                // The first, the second, the fourth …: a flood is not to fill the log.
                if self.strangers.nonzeroBitCount == 1 {
                    self.logger.warning("a notice of no worker is dropped", metadata: ["dropped": "\(self.strangers)"])
                }
                continue
            }
            let before = self.roster.members[index]
            self.roster.heard(message, from: index, at: .now, using: &self.generator)
            self.logReadiness(of: index, before: before)
        }
    }

    /// Tells systemd what has changed.
    private mutating func report() {
        let wasReady = self.roster.isReady
        let now = ContinuousClock.now
        self.roster.look(at: now)
        let status = self.roster.status
        if status != self.toldStatus {
            self.toldStatus = status
            self.roster.isReady && !self.roster.isDraining
                ? self.notifier.ready(status) : self.notifier.notReady(status)
        } else if self.roster.isReady, !wasReady {
            self.notifier.ready(status)
        }
        if self.roster.isReady, !wasReady { self.logger.notice("ready", metadata: ["status": "\(status)"]) }
        if self.isStarting, now >= self.nextExtension {
            self.notifier.extendTimeout(by: Self.startExtension)
            self.nextExtension = now + Self.extensionInterval
        }
    }

    // MARK: What is done

    private mutating func tell(_ event: ChildLife.Event, to index: Int, pid: pid_t? = nil) {
        let wasFailing = self.roster.members[index].life.isFailing
        let action = self.roster.handle(event, of: index, at: .now, using: &self.generator)
        if case .ended(let end) = event { self.logEnd(end, of: index, pid: pid, action: action) }
        let isFailing = self.roster.members[index].life.isFailing
        if isFailing, !wasFailing {
            self.worker(index).error(
                "the worker is failing: \(RestartIntensity.limit) restarts within \(RestartIntensity.window)")
        } else if wasFailing, !isFailing {
            self.worker(index).notice("the worker is well again")
        }
        switch action {
        case .none, .restart, .stayDown: break
        case .spawn: self.spawn(index)
        case .terminate: self.signal(SIGTERM, to: index)
        case .kill:
            self.worker(index).error("the worker did not drain in time and is killed")
            self.signal(SIGKILL, to: index)
        }
    }

    private mutating func spawn(_ index: Int) {
        switch Spawner.spawn(self.plans[index], notifySocket: self.notices.path) {
        case .success(let pid):
            self.processes[index] = pid
            self.worker(index).info("worker started", metadata: ["pid": "\(pid)"])
        case .failure(let error):
            self.tell(.ended(.notSpawned(reason: "\(self.plans[index].executable): \(error)")), to: index)
        }
    }

    /// The process is a child that is not reaped, so its ID cannot be another's.
    private func signal(_ signal: Int32, to index: Int) {
        if let pid = self.processes[index] { kill(pid, signal) }
    }

    // MARK: What is logged

    private func worker(_ index: Int) -> Logger {
        var logger = self.logger
        logger[metadataKey: "worker"] = "\(self.plans[index].name)"
        return logger
    }

    private func logEnd(_ end: ChildEnd, of index: Int, pid: pid_t?, action: ChildLife.Action) {
        var metadata: Logger.Metadata = ["end": "\(end)"]
        metadata["pid"] = pid.map { "\($0)" }
        let logger = self.worker(index)
        switch action {
        case .restart(let delay):
            metadata["again_in"] = "\(delay.formattedSeconds)"
            logger.warning("worker ended, starts again", metadata: metadata)
        case .stayDown:
            logger.error("worker ended, stays down: its configuration is wrong", metadata: metadata)
        default:
            logger.info("worker stopped", metadata: metadata)
        }
    }

    private func logReadiness(of index: Int, before: Roster.Member) {
        let member = self.roster.members[index]
        let status: Logger.Metadata = ["status": "\(member.status ?? "")"]
        switch (before.life.isReady, member.life.isReady) {
        case (false, true): self.worker(index).info("worker ready", metadata: status)
        case (true, false): self.worker(index).warning("worker not ready", metadata: status)
        case (false, false) where before.status != member.status && !self.roster.isDraining:
            self.worker(index).info("worker not ready yet", metadata: status)
        default: break
        }
    }

    private func logEnding(_ status: ExitStatus) {
        switch status {
        case .success: self.logger.notice("stopped: every worker has drained")
        case .configuration: self.logger.critical("no worker can start: the configuration of each is wrong")
        default: self.logger.error("stopped: not every worker drained in time")
        }
    }
}

extension Duration {
    /// Such as `0.47 s`.
    fileprivate var formattedSeconds: String {
        let (seconds, attoseconds) = self.components
        let hundredths = seconds * 100 + attoseconds / 10_000_000_000_000_000
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
    }
}
