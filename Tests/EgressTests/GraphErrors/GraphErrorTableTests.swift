import Testing

@testable import Egress

@Suite struct GraphErrorTableTests {
    @Test(arguments: MetaErrorCodes.rows)
    func `Every code is retried as often, after as long and for as many as Meta's table says`(
        row: MetaErrorCodes.Row
    ) throws {
        for code in row.codes {
            let rule = try #require(GraphErrorTable.rule(for: code), "\(code)")
            #expect(rule.retry == Self.retries[row.retry], "\(code)")
            #expect(rule.scope == Self.scopes[row.scope], "\(code)")
            if row.retry == "yes" || row.retry == "few" || row.retry == "link" {
                #expect(rule.delays == Self.waits[row.waits], "\(code)")
            }
        }
    }

    @Test func `The table has no code that Meta's has not`() {
        let known = Set(MetaErrorCodes.rows.flatMap { Array($0.codes) })
        let unknown = GraphErrorTable.rules.flatMap { Array($0.codes) }.filter { !known.contains($0) }
        #expect(unknown == [])
    }

    @Test func `No code stands twice in the table`() {
        let rules = GraphErrorTable.rules.sorted { $0.codes.lowerBound < $1.codes.lowerBound }
        for (left, right) in zip(rules, rules.dropFirst()) {
            #expect(left.codes.upperBound < right.codes.lowerBound)
        }
    }

    @Test(arguments: [-1, 5, 131001, 141000, Int.max, Int.min])
    func `A code that is not listed has no rule`(code: Int) {
        #expect(GraphErrorTable.rule(for: code) == nil)
    }

    @Test func `Eleven codes are throttles and cost no attempt`() {
        let throttles = Self.codes.filter { GraphErrorTable.isThrottle($0) }
        #expect(throttles == [4, 17, 32, 341, 613, 80007, 130429, 131056, 131057, 131208, 138005])
    }

    @Test func `Five codes need a person's attention`() {
        let alarms = Self.codes.filter { GraphErrorTable.needsAttention($0) }
        #expect(alarms == [368, 131031, 131042, 131048, 133010])
    }

    @Test func `Three codes pause the account, one of them also after a raw call elsewhere`() {
        #expect(Self.codes.filter { GraphErrorTable.pausesAccount($0, namesItsPath: false) } == [0, 102, 190])
        #expect(Self.codes.filter { GraphErrorTable.pausesAccount($0, namesItsPath: true) } == [190])
    }

    /// Every code there is in the table, their neighbours, and the small ones.
    private static let codes = Set(
        MetaErrorCodes.rows.flatMap { Array(($0.codes.lowerBound - 1)...($0.codes.upperBound + 1)) }
    )
    .union(0...1000).sorted()

    private static let retries: [String: GraphErrorRule.Retry] = [
        "yes": .yes, "few": .few, "link": .fewForLink, "no": .no, "later": .later,
        // Nothing to try again: it comes in webhooks, or part of it was done.
        "n/a": .no, "read the body": .no,
    ]

    private static let scopes: [String: GraphErrorRule.Scope] = [
        "message": .message, "request": .message, "": .message, "pair": .pair, "recipient": .recipient,
        "group": .group, "number, groups": .group, "endpoint": .endpoint, "number": .number, "waba": .waba,
        "app": .app, "account token": .accountToken,
    ]

    private static let waits: [String: RetryDelays] = [
        "time told, else 60 s doubling to 1 h": .untilRegained,
        "as 4": .untilRegained,
        "60 s doubling": .doubling(from: .seconds(60), to: .seconds(3600)),
        "1 s with jitter, doubling to 60 s": .doubling(from: .seconds(1), to: .seconds(60)),
        "1 s doubling to 60 s": .doubling(from: .seconds(1), to: .seconds(60)),
        "4^X s": .powersOfFour,
        "30-60 s fixed": .fixed(.seconds(30) ... .seconds(60)),
        "300 s": .fixed(.seconds(300)),
        "after 10 min": .fixed(.seconds(600)),
        "2 s, 8 s": .list([.seconds(2), .seconds(8)]),
        "1 s, 4 s, 16 s": .list([.seconds(1), .seconds(4), .seconds(16)]),
        "": .list([.seconds(2), .seconds(8)]),
    ]
}
