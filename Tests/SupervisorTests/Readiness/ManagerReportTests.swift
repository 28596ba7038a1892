import Daemon
import Synchronization
import Testing

@testable import Supervisor

/// What systemd is told, word for word.
@Suite final class ManagerReportTests {
    private static let start = ContinuousClock.now

    /// What was sent.
    private final class Sent: Sendable {
        private let notices = Mutex<[String]>([])
        func append(_ notice: String) { self.notices.withLock { $0.append(notice) } }
        func take() -> [String] {
            self.notices.withLock { notices in
                defer { notices = [] }
                return notices
            }
        }
    }

    private let sent = Sent()
    private let notifier: Notifier
    private var report: ManagerReport
    private var roster = Roster(startingAt: ManagerReportTests.start, idleReason: "nothing to do")
    private let worker: WorkerID

    init() {
        let sent = self.sent
        self.notifier = Notifier { sent.append($0) }
        self.report = ManagerReport(self.notifier, watchdog: nil, at: Self.start)
        let terms = ChildLife.Terms(drain: .seconds(20), watchdog: nil)
        self.worker = self.roster.add(.named("egress-a"), terms)
        self.tell(.begin)
    }

    private func tell(_ event: ChildLife.Event) {
        var random = SystemRandomNumberGenerator()
        _ = self.roster.handle(event, of: self.worker, at: Self.start, using: &random)
    }

    /// What is told when it is looked so many seconds after the start.
    private func told(at seconds: Double) -> [String] {
        let now = Self.start + .seconds(seconds)
        self.roster.look(at: now)
        self.report.look(at: self.roster, now)
        return self.flushed
    }

    private var flushed: [String] {
        self.notifier.flush(within: .seconds(30))
        return self.sent.take()
    }

    private static let moreTime = "EXTEND_TIMEOUT_USEC=30000000"

    private func becomeReady() {
        self.tell(.ready)
        #expect(self.told(at: 0) == ["READY=1\nSTATUS=1 worker ready"])
    }

    @Test func `Until it is ready it says what it waits for, and asks for time every 10 s`() {
        #expect(self.told(at: 0) == ["STATUS=0 of 1 worker ready; egress-a: starting", Self.moreTime])
        #expect(self.told(at: 9.9) == [])
        #expect(self.report.deadline(for: self.roster) == Self.start + .seconds(10))
        #expect(self.told(at: 10) == [Self.moreTime])
        self.tell(.ready)
        #expect(self.told(at: 30) == ["READY=1\nSTATUS=1 worker ready"])
        #expect(self.report.deadline(for: self.roster) == nil)
        #expect(self.told(at: 60) == [])
    }

    @Test func `Every change of the status is told once`() {
        self.becomeReady()
        self.tell(.notReady)
        #expect(self.told(at: 1) == ["READY=1\nSTATUS=0 of 1 worker ready; egress-a: starting"])
        self.tell(.notReady)
        #expect(self.told(at: 2) == [])
    }

    @Test func `A reload is told with its moment, READY follows when it is over and not before`() {
        self.becomeReady()
        self.report.reloading(self.roster, at: Self.start)
        let notice = self.flushed
        #expect(notice.count == 1)
        #expect(notice.first?.contains(/^RELOADING=1\nMONOTONIC_USEC=[0-9]+\nSTATUS=reloading$/) == true)
        self.report.note("reloading, 2 to go")
        #expect(self.told(at: 1) == ["STATUS=1 worker ready; reloading, 2 to go"])
        #expect(self.report.deadline(for: self.roster) == Self.start + .seconds(10))
        #expect(self.told(at: 10) == [Self.moreTime])
        self.report.note(nil)
        self.report.reloaded()
        #expect(self.told(at: 11) == ["READY=1\nSTATUS=1 worker ready"])
        #expect(self.report.deadline(for: self.roster) == nil)
    }

    @Test func `What is wrong with a reload is told with every status from then on`() {
        self.becomeReady()
        self.report.reloading(self.roster, at: Self.start)
        _ = self.flushed
        self.report.note("reload refused: PORT: expected …")
        self.report.reloaded()
        #expect(self.told(at: 1) == ["READY=1\nSTATUS=1 worker ready; reload refused: PORT: expected …"])
        self.tell(.notReady)
        let status = "0 of 1 worker ready; reload refused: PORT: expected …; egress-a: starting"
        #expect(self.told(at: 2) == ["READY=1\nSTATUS=\(status)"])
    }

    @Test func `A reload before it is ready is not told as one`() {
        _ = self.told(at: 0)
        self.report.reloading(self.roster, at: Self.start)
        self.report.reloaded()
        #expect(self.flushed == [])
        #expect(self.told(at: 1) == [])
        self.tell(.ready)
        #expect(self.told(at: 2) == ["READY=1\nSTATUS=1 worker ready"])
    }

    @Test func `A drain is told first, and time asked for as long as it may last`() {
        self.becomeReady()
        self.roster.beginDrain()
        self.report.stopping(self.roster, within: .seconds(20), at: Self.start)
        self.tell(.drain)
        #expect(self.flushed == ["STOPPING=1\nSTATUS=draining 1 worker: egress-a"])
        #expect(self.told(at: 0) == [Self.moreTime])
        #expect(self.told(at: 10) == [Self.moreTime])
        #expect(self.told(at: 20) == [])
        #expect(self.report.deadline(for: self.roster) == nil)
        self.tell(.ended(.exited(0)))
        #expect(self.told(at: 21) == ["STATUS=stopped"])
    }

    @Test func `systemd's watchdog hears of each quarter of its time, if the loop looks`() {
        self.report = ManagerReport(self.notifier, watchdog: .seconds(8), at: Self.start)
        self.tell(.ready)
        #expect(self.told(at: 0) == ["WATCHDOG=1", "READY=1\nSTATUS=1 worker ready"])
        #expect(self.report.deadline(for: self.roster) == Self.start + .seconds(2))
        #expect(self.told(at: 1.9) == [])
        #expect(self.told(at: 2) == ["WATCHDOG=1"])
        #expect(self.told(at: 7) == ["WATCHDOG=1"])
        #expect(self.report.deadline(for: self.roster) == Self.start + .seconds(9))
    }
}
