import Testing

@testable import Egress

@Suite struct GoodLookTests {
    private let start = ContinuousClock.now

    @Test(arguments: [(0, 0, true), (0, 5.9, true), (0, 6, false), (1, 0, false)] as [(Int, Double, Bool)])
    func `It is good for six seconds, and for one life of the connection`(reconnects: Int, age: Double, fresh: Bool) {
        let look = GoodLook(after: 0, at: start)
        #expect(look.isFresh(after: reconnects, at: start + .seconds(age)) == fresh)
    }
}
