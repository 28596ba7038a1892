import Testing

@testable import Daemon

@Suite struct ShortListTests {
    @Test(
        arguments: [
            ([], ""), (["a"], "a"), (["a", "b", "c"], "a, b, c"), (["a", "b", "c", "d"], "a, b, c and 1 more"),
            (Array(repeating: "a", count: 1003), "a, a, a and 1000 more"),
        ] as [([String], String)])
    func `As many are named as the limit allows`(texts: [String], line: String) {
        #expect("\(ShortList(texts, limit: 3))" == line)
    }
}
