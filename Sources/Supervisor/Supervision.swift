import Addressing
import Daemon
import Glibc
import Logging
import Settings

/// The supervisor at work: starts the workers, follows their notices and ends, replaces them on a reload, and drains
/// them when told to stop.
///
/// All of it happens on one thread, the main one, which lives as long as the process. This is its loop; decisions are
/// the roster's and the reload's, and the crew obeys them.
struct Supervision {
    /// How many datagrams are read at once, so that a flood of them holds up nothing else.
    private static let noticesAtOnce = 1000
    /// How many workers are started before their notices are looked at.
    private static let startsAtOnce = 32

    var crew: Crew
    var configuration: Configuration
    var report: ManagerReport
    var logger: Logger
    /// The reload under way.
    var reload: Reload?
    /// Whether SIGHUP has come, since the last reload began.
    private var isReloadWanted = false
    private let signals: SignalQueue
    private let notices: NotifySocket
    /// The workers that are not started yet, the next one first.
    private var unstarted: [WorkerID] = []
    private let wait: EventWait
    private var pause: OwnPause
    private(set) var strangers: StrangerCount
    /// Where others see how things are.
    let board: SnapshotBoard
    let startedAt: ContinuousClock.Instant
    /// How the latest reload went.
    var lastReload = SupervisorSnapshot.Reload.succeeded
    /// What the latest snapshot shows; nil before the first.
    var shown: Showing?

    init(
        _ configuration: Configuration, signals: SignalQueue, notices: NotifySocket, notifier: Notifier,
        board: SnapshotBoard, logger: Logger
    ) {
        let now = ContinuousClock.now
        self.startedAt = now
        self.board = board
        self.configuration = configuration
        self.wait = EventWait(for: [signals.descriptor, notices.descriptor])
        self.strangers = StrangerCount(logger)
        self.signals = signals
        self.notices = notices
        self.logger = logger
        self.report = ManagerReport(notifier, watchdog: Notifier.watchdogTimeout, at: now)
        self.pause = OwnPause(shortest: Handover.patience, at: now)
        let roster = Roster(startingAt: now, idleReason: configuration.assembly.idleReason)
        self.crew = Crew(roster, notices: notices, logger: logger)
        for plan in configuration.plans { self.add(plan) }
        self.watch()
    }

    /// Works until every worker is gone for good.
    mutating func run() -> ExitStatus {
        while true {
            self.startSome()
            self.continueReload()
            self.look()
            if let ending = self.crew.roster.ending {
                self.logEnding(ending)
                return ending
            }
            self.waitForSomething()
            self.takeSignals()
            self.takeNotices()
            self.crew.tellDue()
            if self.isReloadWanted, self.reload == nil, !self.crew.roster.isDraining {
                self.isReloadWanted = false
                self.beginReload()
            }
        }
    }

    /// Adds a worker that has its place to itself; such workers start one after the other.
    mutating func add(_ plan: WorkerPlan, proving proofs: [AccountName] = []) {
        self.unstarted.append(self.crew.add(plan, self.configuration.terms, proving: proofs))
    }

    /// Takes care from now on that nobody is blamed after a pause of this process.
    mutating func watch() {
        let shortest = min(self.configuration.terms.watchdog ?? Handover.patience, Handover.patience)
        self.pause = OwnPause(shortest: shortest, at: .now)
    }

    // MARK: What happens

    private mutating func startSome() {
        let next = self.unstarted.prefix(Self.startsAtOnce)
        self.unstarted.removeFirst(next.count)
        for id in next { self.crew.tell(.begin, to: id) }
    }

    private mutating func waitForSomething() {
        let roster = self.crew.roster
        let isWatching = self.configuration.terms.watchdog != nil || self.reload != nil || roster.isDraining
        let deadlines = [
            roster.deadline, self.report.deadline(for: roster), self.reload?.deadline,
            isWatching ? self.pause.deadline : nil, self.unstarted.isEmpty ? nil : ContinuousClock.now,
        ]
        self.wait.sleep(until: deadlines.compactMap { $0 }.min())
        let now = ContinuousClock.now
        if let time = self.pause.look(at: now), isWatching { self.resume(after: time, at: now) }
    }

    /// This process was paused: nobody is to be blamed for what could not be heard.
    private mutating func resume(after time: Duration, at now: ContinuousClock.Instant) {
        self.logger.notice("paused, all deadlines begin again", metadata: ["for": "\(time)"])
        for member in self.crew.roster.members { self.crew.tell(.resumed, to: member.id) }
        self.reload?.resume(at: now)
    }

    private mutating func takeSignals() {
        while let signal = self.signals.next() {
            switch signal {
            case SIGCHLD: break
            case SIGHUP: self.isReloadWanted = true
            case _ where self.crew.roster.isDraining: break
            default: self.beginDrain(signal)
            }
        }
        // Whatever signals have come: several ends may share one SIGCHLD. As PID 1 all orphans are ours too.
        while let pid = Reaper.nextEnded() {
            self.takeNotices()
            self.crew.ended(pid, Reaper.reap(pid))
        }
    }

    private mutating func beginDrain(_ signal: Int32) {
        self.logger.notice("stopping", metadata: ["signal": "\(StopSignals.name(of: signal))"])
        self.reload = nil
        self.unstarted = []
        self.crew.roster.beginDrain()
        let members = self.crew.roster.members
        let longest = members.map(\.life.terms.drain).max() ?? .zero
        self.report.stopping(self.crew.roster, within: longest, at: .now)
        for member in members { self.crew.tell(.drain, to: member.id) }
    }

    private mutating func takeNotices() {
        for _ in 0..<Self.noticesAtOnce {
            guard let notice = self.notices.receive() else { return }
            if case .message(let message, let sender) = notice, self.crew.heard(message, from: sender) { continue }
            self.strangers.note()
        }
    }

    /// Sees what has come of it all, and tells systemd.
    private mutating func look() {
        let wasReady = self.crew.roster.isReady
        let now = ContinuousClock.now
        self.crew.roster.look(at: now)
        self.report.look(at: self.crew.roster, now)
        if self.crew.roster.isReady, !wasReady {
            self.logger.notice("ready", metadata: ["status": "\(self.crew.roster.status())"])
        }
        self.show()
    }

    private func logEnding(_ status: ExitStatus) {
        switch status {
        case .success: self.logger.notice("stopped: every worker has drained")
        case .configuration:
            self.logger.critical(
                "no worker can start, since the configuration of each is wrong; correct what their lines name, and start again"
            )
        default:
            self.logger.error(
                "stopped, but not every worker drained in time; raise \(Variables.supervisorDrain.name) if they need longer"
            )
        }
    }
}
