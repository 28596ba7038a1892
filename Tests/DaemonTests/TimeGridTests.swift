import Testing

@testable import Daemon

@Suite struct TimeGridTests {
    private let start = ContinuousClock.now

    @Test(arguments: [(0, 0), (1, 0), (124, 0), (125, 125), (126, 125), (1000, 1000), (1124, 1000), (-1, -125)])
    func `The last instant of the grid is given, the asked one included`(asked: Int, given: Int) {
        let grid = TimeGrid(from: start, spacing: .milliseconds(125))
        #expect(grid.last(by: start + .milliseconds(asked)) == start + .milliseconds(given))
    }

    @Test func `Instants that are years and nanoseconds away are told apart`() {
        let grid = TimeGrid(from: start, spacing: .milliseconds(125))
        let late = start + .seconds(10 * 365 * 86_400)
        #expect(grid.last(by: late) == late)
        #expect(grid.last(by: late - .nanoseconds(1)) == late - .milliseconds(125))
        #expect(grid.last(by: late + .milliseconds(125) - .nanoseconds(1)) == late)
    }
}
