import TestSupport
import Testing

@testable import Egress

@Suite struct LeaseSimulationTests {
    @Test func `Whatever befalls contenders, store and network, never two may write at one instant`() async {
        let seed = Seed.forTest()
        var tenures = 0
        for round in 0..<50 {
            var simulation = LeaseSimulation(
                contenders: 2 + round % 4, mischief: LeaseSimulation.Mischief.allCases, seed: seed.part(round).value)
            simulation.run(.seconds(200))
            #expect(simulation.faults == [], "round \(round)")
            #expect(simulation.holders == 1, "round \(round), at last all was quiet")
            tenures += simulation.tenures
            await Task.yield()
        }
        #expect(tenures > 50 * 10)
    }

    @Test func `A dead holder's lease is taken over within 5 s, and standbys hardly ever look at it`() async {
        let seed = Seed.forTest()
        for round in 0..<20 {
            var simulation = LeaseSimulation(contenders: 4, mischief: [.die], seed: seed.part(round).value)
            simulation.run(.seconds(200))
            #expect(simulation.takeOvers.count > 15)
            #expect(simulation.takeOvers.allSatisfy { $0 < .seconds(5) }, "\(simulation.takeOvers.max() ?? .zero)")
            #expect(simulation.looks < 20 * simulation.tenures, "\(simulation.looks), \(simulation.tenures)")
        }
    }
}
