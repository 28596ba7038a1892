import Synchronization
import TestSupport
import Testing

@testable import Ingress

@Suite struct BudgetLedgerTests {
    @Test func `Bytes are given as long as there are some`() {
        var ledger = BudgetLedger(capacity: 10)
        #expect(ledger.reserve(6) == true)
        #expect(ledger.reserve(5) == false)
        #expect(ledger.reserve(4) == true)
        ledger.release(6)
        #expect(ledger.reserve(5) == true)
        #expect(ledger.held == 9)
    }

    @Test func `Those who wait are served in order, and nobody passes them`() {
        var ledger = BudgetLedger(capacity: 10)
        #expect(ledger.reserve(8) == true)
        let large = ledger.wait(for: 9)
        let small = ledger.wait(for: 1)
        #expect(ledger.reserve(1) == false)
        #expect(ledger.grantNext() == nil)
        ledger.release(8)
        #expect(ledger.grantNext() == large)
        #expect(ledger.grantNext() == small)
        #expect(ledger.grantNext() == nil)
        #expect(ledger.held == 10)
        #expect(!ledger.isAnyoneWaiting)
    }

    @Test func `Whoever leaves the queue makes way`() {
        var ledger = BudgetLedger(capacity: 10)
        #expect(ledger.reserve(8) == true)
        let large = ledger.wait(for: 9)
        let small = ledger.wait(for: 1)
        #expect(ledger.leave(large) == true)
        #expect(ledger.grantNext() == small)
        #expect(ledger.leave(small) == false)
        #expect(ledger.leave(large) == false)
        #expect(ledger.held == 9)
    }

    @Test func `Who asks for more than there is gets it alone`() {
        var ledger = BudgetLedger(capacity: 10)
        #expect(ledger.reserve(1) == true)
        let huge = ledger.wait(for: 11)
        #expect(ledger.grantNext() == nil)
        ledger.release(1)
        #expect(ledger.grantNext() == huge)
        #expect(ledger.reserve(1) == false)
    }

    @Test func `Random use never gives out more than there is and strands nobody`() {
        let seed = Seed.forTest()
        var random = seed.generator
        var ledger = BudgetLedger(capacity: 100)
        var held: [Int] = []
        var waiting: [(place: BudgetLedger.Place, amount: Int)] = []
        for _ in 0..<20_000 {
            let amount = Int.random(in: 1...100, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                if ledger.reserve(amount) {
                    held.append(amount)
                } else {
                    waiting.append((ledger.wait(for: amount), amount))
                }
            case 1 where !waiting.isEmpty:
                let left = waiting.remove(at: Int.random(in: 0..<waiting.count, using: &random))
                #expect(ledger.leave(left.place) == true, "seed \(seed)")
            default:
                if let last = held.popLast() { ledger.release(last) }
            }
            while let place = ledger.grantNext() {
                #expect(waiting.first?.place == place, "seed \(seed)")
                held.append(waiting.removeFirst().amount)
            }
            #expect(ledger.held == held.reduce(0, +), "seed \(seed)")
            #expect(ledger.held <= 100, "seed \(seed)")
            #expect(held.isEmpty ? waiting.isEmpty : true, "seed \(seed)")
        }
    }
}

@Suite struct ByteBudgetTests {
    @Test func `A grant is told of when bytes are released`() {
        let budget = ByteBudget(capacity: 10)
        let granted = Mutex<[String]>([])
        #expect(budget.reserve(10))
        _ = budget.wait(for: 3) { granted.withLock { $0.append("first") } }
        let left = budget.wait(for: 3) { granted.withLock { $0.append("left") } }
        _ = budget.wait(for: 7) { granted.withLock { $0.append("second") } }
        #expect(budget.isContended)
        #expect(budget.leave(left))
        budget.release(3)
        #expect(granted.withLock { $0 } == ["first"])
        budget.release(7)
        #expect(granted.withLock { $0 } == ["first", "second"])
        #expect(budget.held == 10)
        #expect(!budget.isContended)
    }

    @Test func `A larger budget is given out at once, a smaller one once enough has come back`() {
        let budget = ByteBudget(capacity: 10)
        #expect(budget.reserve(8))
        let granted = Mutex(false)
        _ = budget.wait(for: 8) { granted.withLock { $0 = true } }
        #expect(!granted.withLock { $0 })
        budget.resize(to: 16)
        #expect(granted.withLock { $0 } && budget.held == 16)
        budget.resize(to: 10)
        #expect(budget.held == 16 && !budget.reserve(1))
        budget.release(8)
        #expect(budget.reserve(2))
    }

    @Test func `Whoever is granted bytes at once is told so at once`() {
        let budget = ByteBudget(capacity: 10)
        let granted = Mutex(false)
        let place = budget.wait(for: 10) { granted.withLock { $0 = true } }
        #expect(granted.withLock { $0 })
        #expect(!budget.leave(place))
    }
}

@Suite struct InFlightLimitTests {
    @Test func `As many enter as there are places`() {
        let places = InFlightLimit()
        #expect(places.enter(2) && places.enter(2))
        #expect(places.isReached(2))
        #expect(!places.enter(2))
        places.leave()
        #expect(!places.isReached(2))
        #expect(places.enter(2))
        #expect(places.count == 2)
    }

    @Test func `A limit that falls below what has entered lets nobody in until enough have left`() {
        let places = InFlightLimit()
        for _ in 0..<3 { #expect(places.enter(3)) }
        #expect(places.isReached(2) && !places.enter(2))
        places.leave()
        #expect(!places.enter(2))
        places.leave()
        #expect(places.enter(2))
    }
}
