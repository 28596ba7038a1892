import TestSupport
import Testing

@testable import Egress

@Suite struct TokenBucketTests {
    /// Takes whatever there is, whenever there is some, and says when.
    private func takes(_ bucket: inout TokenBucket, from start: Double, to end: Double) -> [Double] {
        var takes: [Double] = []
        var now = at(start)
        while now < at(end) {
            while bucket.take(at: now) { takes.append(now.seconds) }
            #expect(bucket.nextTake > now)
            now = bucket.nextTake
        }
        return takes
    }

    @Test func `A tenth of a second's worth passes at once, and one at least`() {
        for (rate, burst) in [(80.0, 8), (1000, 100), (10, 1), (3, 1), (0.5, 1)] {
            var bucket = TokenBucket(perSecond: rate, at: at(0))
            var count = 0
            while bucket.take(at: at(0)) { count += 1 }
            #expect(count == burst)
        }
    }

    @Test(arguments: [80.0, 77.7, 1000, 3, 0.1])
    func `Over a minute it lets the rate through, neither more nor less`(rate: Double) {
        var bucket = TokenBucket(perSecond: rate, at: at(0))
        let count = Double(self.takes(&bucket, from: 0, to: 60).count)
        #expect(count <= rate * 60 + max(1, rate / 10))
        #expect(count >= rate * 60 - 1)
    }

    @Test func `Nothing adds up over a day`() {
        var bucket = TokenBucket(perSecond: 7.3, at: at(0))
        let count = self.takes(&bucket, from: 0, to: 86_400).count
        #expect(abs(Double(count) - 7.3 * 86_400) <= 2)
    }

    @Test(arguments: [4, 5] as [UInt64])
    func `However often it is asked, no window sees more than the rate and one burst`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bucket = TokenBucket(perSecond: 80, at: at(0))
        var takes: [Double] = []
        var now = 0.0
        while now < 60 {
            now += Double.random(in: 0...0.05, using: &random) * (Int.random(in: 0..<50, using: &random) == 0 ? 40 : 1)
            while bucket.take(at: at(now)) { takes.append(now) }
        }
        for (index, first) in takes.enumerated() {
            for window in [0.1, 1, 10] {
                let last = takes[index...].prefix { $0 <= first + window }.count
                #expect(Double(last) <= 80 * window + 8 + 0.001)
                if Double(last) > 80 * window + 8.001 { return }
            }
        }
    }

    @Test func `A lower rate keeps what fits, a higher one starts from there`() {
        var bucket = TokenBucket(perSecond: 80, at: at(0))
        bucket.change(perSecond: 40, at: at(0))
        var count = 0
        while bucket.take(at: at(0)) { count += 1 }
        #expect(count == 4)
        bucket.change(perSecond: 80, at: at(0))
        let isTaken = bucket.take(at: at(0))
        #expect(!isTaken)
        #expect(bucket.nextTake.seconds > 0.0124 && bucket.nextTake.seconds < 0.0126)
    }

    @Test func `Time that goes back gives nothing`() {
        var bucket = TokenBucket(perSecond: 1, at: at(10))
        let takes = [10, 5, 10.5, 11].map { bucket.take(at: at($0)) }
        #expect(takes == [true, false, false, true])
    }
}
