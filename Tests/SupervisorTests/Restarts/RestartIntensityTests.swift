import Testing

@testable import Supervisor

@Suite struct RestartIntensityTests {
    private let start = ContinuousClock.now

    @Test(arguments: [(15, true), (16, false)])
    func `The fifth restart within 60 s is one too many`(interval: Int, isTooMany: Bool) {
        var intensity = RestartIntensity()
        for round in 0..<4 { #expect(intensity.restarted(at: self.start + .seconds(interval * round)) == false) }
        #expect(intensity.restarted(at: self.start + .seconds(interval * 4)) == isTooMany)
    }

    @Test func `The window moves on`() {
        var intensity = RestartIntensity()
        for round in 0..<4 { _ = intensity.restarted(at: self.start + .seconds(round)) }
        #expect(intensity.restarted(at: self.start + .seconds(61)) == false)
        for round in 0..<3 { #expect(intensity.restarted(at: self.start + .seconds(70 + round)) == false) }
        #expect(intensity.restarted(at: self.start + .seconds(80)) == true)
    }

    @Test func `A reset forgets`() {
        var intensity = RestartIntensity()
        for _ in 0..<5 { _ = intensity.restarted(at: self.start) }
        intensity.reset()
        for _ in 0..<4 { #expect(intensity.restarted(at: self.start) == false) }
    }
}
