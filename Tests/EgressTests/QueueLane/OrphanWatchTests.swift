import Testing

@testable import Egress

@Suite struct OrphanWatchTests {
    @Test func `Each account that nobody serves is named with its jobs, the largest first`() {
        #expect("\(OrphanWatch.named(["shop": 2, "depot": 40, "bar": 2]))" == "depot: 40, bar: 2, shop: 2")
    }

    @Test func `However many names somebody thinks of, one line tells the largest`() {
        let orphans = Dictionary(uniqueKeysWithValues: (1...5000).map { ("name\($0)", $0) })
        let text = "\(OrphanWatch.named(orphans))"
        #expect(text.hasPrefix("name5000: 5000, name4999: 4999, "))
        #expect(text.hasSuffix("name4993: 4993 and 4992 more"))
    }
}
