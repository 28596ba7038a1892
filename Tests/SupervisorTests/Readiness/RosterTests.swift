import Daemon
import Testing

@testable import Supervisor

@Suite final class RosterTests {
    private static let start = ContinuousClock.now
    private static let terms = ChildLife.Terms(drain: .seconds(20), watchdog: nil)
    private var roster = Roster(startingAt: RosterTests.start, idleReason: "nothing to do")
    private var ids: [WorkerID] = []

    private func tell(_ event: ChildLife.Event, _ index: Int, after time: Duration = .zero) {
        var random = SystemRandomNumberGenerator()
        _ = self.roster.handle(event, of: self.ids[index], at: Self.start + time, using: &random)
    }

    private func hear(_ text: String, _ index: Int, after time: Duration = .zero) {
        var random = SystemRandomNumberGenerator()
        self.roster.heard(NotifyMessage(text.utf8), from: self.ids[index], at: Self.start + time, using: &random)
    }

    private func isReady(after time: Duration) -> Bool {
        self.roster.look(at: Self.start + time)
        return self.roster.isReady
    }

    private func life(_ index: Int) -> ChildLife? { self.roster[self.ids[index]]?.life }

    private func due(after time: Duration) -> WorkerID? { self.roster.takeDue(at: Self.start + time) }

    init() {
        for name in ["egress-a", "egress-b"] { self.ids.append(self.roster.add(.named(name), Self.terms)) }
        self.tell(.begin, 0)
        self.tell(.begin, 1)
    }

    @Test func `It is ready once every worker has been`() {
        self.hear("READY=1", 0)
        #expect(!self.isReady(after: .seconds(1)))
        self.tell(.ended(.exited(70)), 0)
        self.hear("READY=1", 1)
        #expect(self.isReady(after: .seconds(2)))
    }

    @Test func `After the start grace one ready worker is enough`() {
        self.hear("READY=1", 0)
        #expect(self.roster.deadline == Self.start + .seconds(10))
        #expect(!self.isReady(after: .milliseconds(9_999)))
        #expect(self.isReady(after: .seconds(10)))
        #expect(self.roster.deadline == nil)
    }

    @Test func `After the start grace the first to be ready is enough, and until then nothing is waited for`() {
        #expect(!self.isReady(after: .seconds(11)))
        #expect(self.roster.deadline == nil)
        self.hear("READY=1", 1, after: .seconds(12))
        #expect(self.isReady(after: .seconds(12)))
    }

    @Test func `Once ready it remains so`() {
        self.hear("READY=1", 0)
        self.hear("READY=1", 1)
        #expect(self.isReady(after: .zero))
        self.tell(.ended(.exited(70)), 0)
        self.hear("STATUS=waiting for NATS", 1)
        #expect(self.isReady(after: .seconds(1)))
    }

    @Test func `A status alone takes a worker's readiness back, and READY brings it again`() {
        self.hear("READY=1\nSTATUS=serving", 0)
        #expect(self.life(0)?.isReady == true)
        self.hear("STATUS=waiting for NATS at localhost:4222", 0)
        #expect(self.life(0)?.isReady == false)
        self.hear("WATCHDOG=1", 0)
        #expect(self.life(0)?.isReady == false)
        self.hear("READY=1\nSTATUS=serving", 0)
        #expect(self.life(0)?.isReady == true)
        self.hear("WATCHDOG=1", 0)
        #expect(self.life(0)?.isReady == true)
        self.hear("STOPPING=1", 0)
        #expect(self.life(0)?.isReady == false)
    }

    @Test func `The status names those that are not ready, and why`() {
        self.hear("READY=1\nSTATUS=serving", 0)
        self.hear("STATUS=waiting for NATS at localhost:4222", 1)
        #expect(self.roster.status() == "1 of 2 workers ready; egress-b: waiting for NATS at localhost:4222")
        self.hear("READY=1\nSTATUS=serving", 1)
        #expect(self.roster.status() == "2 workers ready")
        self.tell(.ended(.killed(signal: 9)), 1)
        #expect(self.roster.status() == "1 of 2 workers ready; egress-b: killed by SIGKILL, to be started again")
        self.tell(.due, 1)
        #expect(self.roster.status() == "1 of 2 workers ready; egress-b: starting")
        self.tell(.ended(.exited(78)), 1)
        #expect(
            self.roster.status() == "1 of 2 workers ready; egress-b: exit status 78 (bad configuration), stays down")
        self.roster.beginDrain()
        self.tell(.drain, 0)
        self.tell(.drain, 1)
        #expect(self.roster.status() == "draining 1 worker: egress-a")
        self.tell(.ended(.exited(0)), 0)
        #expect(self.roster.status() == "stopped")
    }

    @Test func `A failing worker is named even while it is ready`() {
        for _ in 0..<5 {
            self.tell(.ended(.exited(1)), 1)
            self.tell(.due, 1, after: .seconds(30))
        }
        self.hear("READY=1", 0)
        self.hear("READY=1", 1)
        #expect(self.roster.status() == "2 workers ready; egress-b: failing, ready")
    }

    @Test func `A status of many workers is cut`() {
        for index in 0..<500 { _ = self.roster.add(.named("egress-\(index)"), Self.terms) }
        #expect(self.roster.status().count == Roster.statusLimit + 1)
    }

    @Test func `Without workers it is ready at once and says why there are none`() {
        var roster = Roster(startingAt: Self.start, idleReason: "no account falls to shard 2/3")
        roster.look(at: Self.start)
        #expect(roster.isReady)
        #expect(roster.status() == "no account falls to shard 2/3")
        #expect(roster.ending == nil)
        roster.beginDrain()
        #expect(roster.ending == .success)
    }

    @Test func `All workers with exit status 78 at the start end it with 78`() {
        self.tell(.ended(.exited(78)), 0)
        #expect(self.roster.ending == nil)
        self.tell(.ended(.exited(78)), 1)
        #expect(self.roster.ending == .configuration)
    }

    @Test func `All workers with exit status 78 later do not`() {
        self.hear("READY=1", 0)
        self.hear("READY=1", 1)
        #expect(self.isReady(after: .zero))
        self.tell(.ended(.exited(78)), 0)
        self.tell(.ended(.exited(78)), 1)
        #expect(self.roster.ending == nil)
    }

    @Test func `A drain is over when every worker is gone`() {
        self.roster.beginDrain()
        self.tell(.drain, 0)
        self.tell(.drain, 1)
        self.tell(.ended(.exited(0)), 0)
        #expect(self.roster.ending == nil)
        self.tell(.ended(.exited(70)), 1)
        #expect(self.roster.ending == .success)
    }

    @Test func `A drain that had to kill is no clean one`() {
        self.roster.beginDrain()
        self.tell(.drain, 0)
        self.tell(.drain, 1)
        self.tell(.ended(.exited(0)), 0)
        #expect(self.due(after: .seconds(19)) == nil)
        #expect(self.due(after: .seconds(20)) == self.ids[1])
        self.tell(.due, 1, after: .seconds(20))
        self.tell(.ended(.killed(signal: 9)), 1)
        #expect(self.roster.ending == .software)
    }

    // MARK: Coming and going

    @Test func `A newcomer does not count before it has taken over, nor does an old one that drains`() {
        self.hear("READY=1", 0)
        self.hear("READY=1", 1)
        self.ids.append(self.roster.add(.named("egress-a"), Self.terms, as: .newcomer))
        self.tell(.begin, 2)
        self.tell(.challenged, 0)
        #expect(self.roster.status() == "2 workers ready")
        self.hear("READY=1", 2)
        self.tell(.confirmed, 2)
        self.tell(.drain, 0)
        #expect(self.roster.status(noting: "reloading, 1 to go") == "2 workers ready; reloading, 1 to go")
        #expect(self.roster.members.map(\.id) == self.ids)
        self.tell(.ended(.exited(0)), 0)
        #expect(self.roster.members.map(\.id) == [self.ids[1], self.ids[2]])
        #expect(self.roster.ending == nil)
    }

    @Test func `An old one that was killed in its drain leaves the supervisor's exit status alone`() {
        self.tell(.drain, 0)
        self.tell(.due, 0, after: .seconds(20))
        self.tell(.ended(.killed(signal: 9)), 0)
        self.roster.beginDrain()
        self.tell(.drain, 1)
        self.tell(.ended(.exited(0)), 1)
        #expect(self.roster.ending == .success)
    }

    @Test func `A process is its worker's until its end`() {
        self.roster.spawned(Roster.Child(pid: 12, executable: nil), of: self.ids[1])
        #expect(self.roster.worker(of: 12) == self.ids[1])
        #expect(self.roster.worker(of: 13) == nil)
        self.tell(.ended(.exited(0)), 1)
        #expect(self.roster.worker(of: 12) == nil)
        #expect(self.roster[self.ids[1]]?.child == nil)
    }

    @Test func `No number is given twice`() {
        self.roster.beginDrain()
        self.tell(.drain, 1)
        self.tell(.ended(.exited(0)), 1)
        let id = self.roster.add(.named("egress-b"), Self.terms)
        #expect(!self.ids.contains(id))
    }

    @Test func `Signs of life change nothing that is told`() {
        self.hear("READY=1\nSTATUS=serving", 0)
        let revision = self.roster.revision
        self.hear("WATCHDOG=1", 0)
        self.hear("READY=1\nSTATUS=serving", 0)
        #expect(self.roster.revision == revision)
        self.hear("STATUS=waiting", 0)
        #expect(self.roster.revision != revision)
    }

    @Test func `A worker is due only once its last sign of life is too old`() {
        let terms = ChildLife.Terms(drain: .seconds(20), watchdog: .seconds(10))
        self.ids.append(self.roster.add(.named("egress-c"), terms))
        self.tell(.begin, 2)
        self.hear("WATCHDOG=1", 2, after: .seconds(8))
        #expect(self.due(after: .seconds(17)) == nil)
        #expect(self.due(after: .seconds(18)) == self.ids[2])
    }
}
