import TestSupport
import Testing

@testable import Egress

@Suite struct RetryDelaysTests {
    @Test func `Powers of four wait 1 s, 4 s, 16 s and so on, up to 4^8 s`() {
        let waits = (0...9).map { RetryDelays.powersOfFour.bounds(retry: $0) }
        #expect(waits.map(\.upperBound) == [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 65536].map { .seconds($0) })
        #expect(waits.allSatisfy { $0.lowerBound == $0.upperBound })
        #expect(RetryDelays.powersOfFour.retries == nil)
    }

    @Test func `Doubling waits are drawn between nothing and 1 s, 2 s, 4 s up to the cap`() {
        let delays = RetryDelays.doubling(from: .seconds(1), to: .seconds(60))
        let waits = (0...7).map { delays.bounds(retry: $0) }
        #expect(waits.map(\.upperBound) == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
        #expect(waits.allSatisfy { $0.lowerBound == .zero })
    }

    @Test func `A list has as many retries as waits`() {
        let delays = RetryDelays.list([.seconds(2), .seconds(8)])
        #expect(delays.retries == 2)
        #expect([0, 1, 2].map { delays.bounds(retry: $0).lowerBound } == [.seconds(2), .seconds(8), .seconds(8)])
        #expect(RetryDelays.list([]).retries == 0)
        #expect(RetryDelays.list([]).bounds(retry: 0) == .zero ... .zero)
    }

    @Test func `Until access is regained they double from a minute to an hour`() {
        let waits = (0...7).map { RetryDelays.untilRegained.bounds(retry: $0).upperBound }
        #expect(waits == [60, 120, 240, 480, 960, 1920, 3600, 3600].map { .seconds($0) })
    }

    @Test(arguments: [-1, 0, 63, 1_000_000, Int.max, Int.min])
    func `No number of retries makes a wait overflow`(retry: Int) {
        let delays: [RetryDelays] = [
            .powersOfFour, .untilRegained, .fixed(.seconds(1)), .list([.seconds(1)]), .list([]),
            .doubling(from: .seconds(60), to: .seconds(3600)),
        ]
        for delay in delays { #expect(delay.bounds(retry: retry).upperBound <= .seconds(65536)) }
    }

    @Test func `Drawn waits fill their bounds and keep above what Retry-After said`() {
        var random = SeededGenerator(seed: 1)
        let delays = RetryDelays.doubling(from: .seconds(8), to: .seconds(60))
        let free = (0..<1000).map { _ in delays.draw(retry: 0, atLeast: .zero, using: &random) }
        #expect(free.allSatisfy { $0 >= .zero && $0 <= .seconds(8) })
        #expect(free.contains { $0 < .seconds(1) } && free.contains { $0 > .seconds(7) })
        let floored = (0..<1000).map { _ in delays.draw(retry: 0, atLeast: .seconds(5), using: &random) }
        #expect(floored.allSatisfy { $0 >= .seconds(5) && $0 <= .seconds(8) })
        #expect(floored.contains { $0 < .seconds(5.5) } && floored.contains { $0 > .seconds(7.5) })
        let told = delays.draw(retry: 0, atLeast: .seconds(90), using: &random)
        #expect(told == .seconds(90))
    }
}
