import TestSupport
import Testing

@testable import Supervisor

@Suite struct DeadlineQueueTests {
    private static let start = ContinuousClock.now
    private static func time(_ seconds: Int) -> ContinuousClock.Instant { Self.start + .seconds(seconds) }
    private static func worker(_ number: Int) -> WorkerID { WorkerID(number: number) }

    private static func taken(_ queue: inout DeadlineQueue, _ seconds: Int) -> [Int] {
        var numbers: [Int] = []
        while let id = queue.take(at: Self.time(seconds)) { numbers.append(id.number) }
        return numbers
    }

    @Test func `Workers are taken in the order of their times, each once`() {
        var queue = DeadlineQueue()
        for (number, seconds) in [(1, 30), (2, 10), (3, 20)] { queue.note(Self.time(seconds), of: Self.worker(number)) }
        #expect(queue.next == Self.time(10))
        #expect(Self.taken(&queue, 9) == [])
        #expect(Self.taken(&queue, 20) == [2, 3])
        #expect(queue.next == Self.time(30))
        #expect(Self.taken(&queue, 100) == [1])
        #expect(queue.next == nil)
    }

    @Test func `A later time does not move a worker, an earlier one does`() {
        var queue = DeadlineQueue()
        for seconds in [20, 30, 10, 15] { queue.note(Self.time(seconds), of: Self.worker(1)) }
        #expect(queue.next == Self.time(10))
        #expect(Self.taken(&queue, 100) == [1])
        queue.note(Self.time(40), of: Self.worker(1))
        #expect(Self.taken(&queue, 100) == [1])
    }

    @Test func `Whatever is noted, it takes what a search would find`() {
        let seed = Seed.forTest()
        var random = seed.generator
        var queue = DeadlineQueue()
        var known: [Int: Int] = [:]
        for now in 0..<2000 {
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                let (number, seconds) = (
                    Int.random(in: 0..<40, using: &random), now + Int.random(in: 1...50, using: &random)
                )
                queue.note(Self.time(seconds), of: Self.worker(number))
                known[number] = min(seconds, known[number] ?? seconds)
            }
            let due = known.filter { $0.value <= now }.keys.sorted()
            #expect(Self.taken(&queue, now).sorted() == due, "seed \(seed)")
            for number in due { known[number] = nil }
        }
    }
}
