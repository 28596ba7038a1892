import Daemon
import Testing

@Suite struct TerminationTests {
    @Test func `Everyone who waits is told, and who comes later does not wait`() async {
        let termination = Termination()
        await withTaskGroup { group in
            for _ in 0..<10 { group.addTask { await termination.requested() } }
            termination.request()
            termination.request()
        }
        #expect(termination.isRequested)
        await termination.requested()
    }

    @Test func `A cancelled task waits no longer`() async {
        let termination = Termination()
        await withTaskGroup { group in
            for _ in 0..<10 { group.addTask { await termination.requested() } }
            group.cancelAll()
        }
        #expect(!termination.isRequested)
    }
}
