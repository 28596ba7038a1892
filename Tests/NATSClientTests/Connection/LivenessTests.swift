import Testing

@testable import NATSClient

struct LivenessTests {
    private let start = ContinuousClock.now

    @Test func `A silent server is asked twice, and then given up`() {
        var liveness = Liveness(from: self.start)
        let steps = (1...8).map { liveness.due(at: self.start + .seconds($0)) }
        #expect(steps == [.nothing, .ask, .nothing, .ask, .nothing, .giveUp, .nothing, .giveUp])
    }

    @Test func `A server that speaks is not asked`() {
        var liveness = Liveness(from: self.start)
        for second in stride(from: 2, through: 20, by: 2) {
            liveness.heard()
            #expect(liveness.due(at: self.start + .seconds(second)) == .nothing)
        }
    }

    @Test func `An answer makes up for every question before it`() {
        var liveness = Liveness(from: self.start)
        #expect(liveness.due(at: self.start + .seconds(2)) == .ask)
        #expect(liveness.due(at: self.start + .seconds(4)) == .ask)
        liveness.heard()
        #expect(liveness.due(at: self.start + .seconds(6)) == .nothing)
        #expect(liveness.due(at: self.start + .seconds(8)) == .ask)
        #expect(liveness.due(at: self.start + .seconds(10)) == .ask)
        #expect(liveness.due(at: self.start + .seconds(12)) == .giveUp)
    }

    @Test func `A standstill of this process is one interval, however long it was`() {
        var liveness = Liveness(from: self.start)
        #expect(liveness.due(at: self.start + .seconds(60)) == .ask)
        #expect(liveness.next == self.start + .seconds(62))
    }
}
