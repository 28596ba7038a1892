import Daemon

/// What systemd is told, and when: readiness and status as they change, more time while it is needed, and that the
/// supervisor's loop turns.
struct ManagerReport {
    /// While nobody is ready, while workers are replaced and while they drain, systemd is asked for this much time …
    private static let extraTime = Duration.seconds(30)
    /// … this often.
    private static let extraTimeInterval = Duration.seconds(10)

    private let notifier: Notifier
    /// How often systemd is to hear that the loop turns; nil where it does not watch.
    private let pingInterval: Duration?
    private var nextPing: ContinuousClock.Instant
    private var nextExtraTime: ContinuousClock.Instant
    private var toldRevision: Int?
    private var toldStatus: String?
    /// Whether systemd is to hear `READY=1` though the status is the same.
    private var owesReadiness = true
    private var isReloading = false
    /// When the drain is over at the latest; nil before it has begun.
    private var drainEnd: ContinuousClock.Instant?
    /// What there is to say of the last reload, or of the one under way.
    private(set) var note: String?

    /// - Parameter watchdog: after how long systemd takes this process for stuck; nil where it does not watch.
    init(_ notifier: Notifier, watchdog: Duration?, at now: ContinuousClock.Instant) {
        self.notifier = notifier
        self.pingInterval = watchdog.map { $0 / 4 }
        self.nextPing = now
        self.nextExtraTime = now
    }

    /// When to look again, whatever happens; nil when nothing is due.
    func deadline(for roster: Roster) -> ContinuousClock.Instant? {
        let needed = [
            self.pingInterval == nil ? nil : self.nextPing,
            self.needsTime(roster, self.nextExtraTime) ? self.nextExtraTime : nil,
        ]
        return needed.compactMap { $0 }.min()
    }

    /// Tells what has changed, and what is due.
    mutating func look(at roster: Roster, _ now: ContinuousClock.Instant) {
        if let interval = self.pingInterval, now >= self.nextPing {
            self.notifier.keepAlive()
            self.nextPing = now + interval
        }
        self.tellStatus(of: roster)
        if now >= self.nextExtraTime, self.needsTime(roster, now) {
            self.notifier.extendTimeout(by: Self.extraTime)
            self.nextExtraTime = now + Self.extraTimeInterval
        }
    }

    /// A reload begins.
    mutating func reloading(_ roster: Roster, at now: ContinuousClock.Instant) {
        self.isReloading = true
        self.nextExtraTime = now + Self.extraTimeInterval
        // While systemd waits for the start, it takes no reload.
        guard roster.isReady else { return }
        self.notifier.reloading("reloading")
        self.toldStatus = nil
    }

    /// What the status is to say of the reload.
    mutating func note(_ text: String?) {
        guard self.note != text else { return }
        self.note = text
        self.toldRevision = nil
    }

    /// The reload is over.
    mutating func reloaded() {
        self.isReloading = false
        self.owesReadiness = true
    }

    /// The drain begins.
    ///
    /// - Parameter time: how long it may last.
    mutating func stopping(_ roster: Roster, within time: Duration, at now: ContinuousClock.Instant) {
        let status = roster.status()
        self.notifier.stopping(status)
        self.toldStatus = status
        self.toldRevision = roster.revision
        self.drainEnd = now + time
        self.nextExtraTime = now
    }

    private mutating func tellStatus(of roster: Roster) {
        let isServing = roster.isReady && !roster.isDraining && !self.isReloading
        let mustTell = isServing && self.owesReadiness
        guard mustTell || roster.revision != self.toldRevision else { return }
        self.toldRevision = roster.revision
        let status = roster.status(noting: self.note)
        guard mustTell || status != self.toldStatus else { return }
        self.toldStatus = status
        if isServing {
            self.owesReadiness = false
            self.notifier.ready(status)
        } else {
            self.notifier.notReady(status)
        }
    }

    /// Whether systemd may be waiting: for the start, the reload or the end.
    private func needsTime(_ roster: Roster, _ now: ContinuousClock.Instant) -> Bool {
        if let end = self.drainEnd { return now < end }
        return !roster.isReady || self.isReloading
    }
}
