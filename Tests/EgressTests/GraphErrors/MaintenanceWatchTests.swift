import Testing

@testable import Egress

@Suite struct MaintenanceWatchTests {
    private let start = ContinuousClock.now

    private func refusals(_ watch: inout MaintenanceWatch, at seconds: [Double]) -> [Double] {
        seconds.filter { watch.refused(at: self.start + .seconds($0)) }
    }

    @Test func `A maintenance of more than 15 minutes is told once`() {
        var watch = MaintenanceWatch()
        #expect(self.refusals(&watch, at: [0, 45, 90, 899, 900, 901, 960, 5000]) == [901])
    }

    @Test func `Any other answer ends it, and the next is told anew`() {
        var watch = MaintenanceWatch()
        #expect(self.refusals(&watch, at: [0, 890]) == [])
        watch.ended()
        #expect(self.refusals(&watch, at: [930, 1800, 1831, 1900]) == [1831])
        watch.ended()
        #expect(self.refusals(&watch, at: [2000, 2900, 2901]) == [2901])
    }
}
