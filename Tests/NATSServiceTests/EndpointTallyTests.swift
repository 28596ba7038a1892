import Testing

@testable import NATSService

@Suite struct EndpointTallyTests {
    @Test func `It counts requests, their time, and errors with the last one's words`() {
        let tally = EndpointTally()
        #expect(tally.counts == .init(requests: 0, errors: 0, lastError: "", nanoseconds: 0))
        #expect(tally.counts.average == 0)
        tally.record(processing: .nanoseconds(10))
        tally.record(processing: .nanoseconds(20), error: "429:Overloaded")
        tally.record(processing: .nanoseconds(11), error: "503:GraphUnavailable")
        tally.record(processing: .nanoseconds(-5))
        #expect(tally.counts == .init(requests: 4, errors: 2, lastError: "503:GraphUnavailable", nanoseconds: 41))
        #expect(tally.counts.average == 10)
    }

    @Test func `Threads that record at once lose nothing`() async {
        let tally = EndpointTally()
        await withDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for number in 0..<10_000 {
                        tally.record(processing: .nanoseconds(3), error: number % 4 == 0 ? "400:x" : nil)
                    }
                }
            }
        }
        #expect(tally.counts == .init(requests: 80_000, errors: 20_000, lastError: "400:x", nanoseconds: 240_000))
    }
}
