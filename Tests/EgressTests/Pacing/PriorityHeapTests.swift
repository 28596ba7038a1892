import TestSupport
import Testing

@testable import Egress

@Suite struct PriorityHeapTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `It behaves as a sorted list does`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var heap = PriorityHeap<Int, Int>()
        var model: [Int: Int] = [:]
        for step in 0..<5000 {
            let element = Int.random(in: 0..<200, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                // Distinct priorities, so that the order is settled.
                let priority = Int.random(in: 0..<1000, using: &random) * 10_000 + step
                heap.set(element, priority)
                model[element] = priority
            case 2:
                heap.remove(element)
                model[element] = nil
            default:
                let first = model.min { $0.value < $1.value }?.key
                let popped = heap.popFirst()
                #expect(popped == first)
                if let first { model[first] = nil }
            }
            #expect(heap.count == model.count && heap.isEmpty == model.isEmpty)
            #expect(heap.contains(element) == (model[element] != nil))
            #expect(heap.first?.priority == model.values.min())
        }
    }
}
