import Daemon
import Testing

@testable import Supervisor

@Suite final class RosterTests {
    private static let start = ContinuousClock.now
    private var roster = Roster(
        names: ["egress-a", "egress-b"], drain: .seconds(20), startingAt: RosterTests.start, idleReason: "nothing to do"
    )

    private func tell(_ event: ChildLife.Event, _ index: Int, after time: Duration = .zero) {
        var random = SystemRandomNumberGenerator()
        _ = self.roster.handle(event, of: index, at: Self.start + time, using: &random)
    }

    private func hear(_ text: String, _ index: Int, after time: Duration = .zero) {
        var random = SystemRandomNumberGenerator()
        self.roster.heard(NotifyMessage(text.utf8), from: index, at: Self.start + time, using: &random)
    }

    private func isReady(after time: Duration) -> Bool {
        self.roster.look(at: Self.start + time)
        return self.roster.isReady
    }

    init() {
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
        #expect(self.roster.members[0].life.isReady)
        self.hear("STATUS=waiting for NATS at localhost:4222", 0)
        #expect(!self.roster.members[0].life.isReady)
        self.hear("WATCHDOG=1", 0)
        #expect(!self.roster.members[0].life.isReady)
        self.hear("READY=1\nSTATUS=serving", 0)
        #expect(self.roster.members[0].life.isReady)
        self.hear("WATCHDOG=1", 0)
        #expect(self.roster.members[0].life.isReady)
        self.hear("STOPPING=1", 0)
        #expect(!self.roster.members[0].life.isReady)
    }

    @Test func `The status names those that are not ready, and why`() {
        self.hear("READY=1\nSTATUS=serving", 0)
        self.hear("STATUS=waiting for NATS at localhost:4222", 1)
        #expect(self.roster.status == "1 of 2 workers ready; egress-b: waiting for NATS at localhost:4222")
        self.hear("READY=1\nSTATUS=serving", 1)
        #expect(self.roster.status == "2 workers ready")
        self.tell(.ended(.killed(signal: 9)), 1)
        #expect(self.roster.status == "1 of 2 workers ready; egress-b: killed by SIGKILL, to be started again")
        self.tell(.due, 1)
        #expect(self.roster.status == "1 of 2 workers ready; egress-b: starting")
        self.tell(.ended(.exited(78)), 1)
        #expect(self.roster.status == "1 of 2 workers ready; egress-b: exit status 78 (bad configuration), stays down")
        self.roster.beginDrain()
        self.tell(.drain, 0)
        self.tell(.drain, 1)
        #expect(self.roster.status == "draining 1 worker: egress-a")
        self.tell(.ended(.exited(0)), 0)
        #expect(self.roster.status == "stopped")
    }

    @Test func `A failing worker is named even while it is ready`() {
        for _ in 0..<5 {
            self.tell(.ended(.exited(1)), 1)
            self.tell(.due, 1, after: .seconds(30))
        }
        self.hear("READY=1", 0)
        self.hear("READY=1", 1)
        #expect(self.roster.status == "2 workers ready; egress-b: failing, ready")
    }

    @Test func `A status of many workers is cut`() {
        let roster = Roster(
            names: (0..<500).map { "egress-\($0)" }, drain: .zero, startingAt: Self.start, idleReason: "")
        #expect(roster.status.count == Roster.statusLimit + 1)
    }

    @Test func `Without workers it is ready at once and says why there are none`() {
        var roster = Roster(
            names: [], drain: .zero, startingAt: Self.start, idleReason: "no account falls to shard 2/3")
        roster.look(at: Self.start)
        #expect(roster.isReady)
        #expect(roster.status == "no account falls to shard 2/3")
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
        #expect(self.roster.indicesDue(at: Self.start + .seconds(20)) == [1])
        self.tell(.due, 1, after: .seconds(20))
        self.tell(.ended(.killed(signal: 9)), 1)
        #expect(self.roster.ending == .software)
    }
}
