import TestSupport
import Testing

@Suite struct WaitingTests {
    @Test func `Whoever waits is woken by the change it waits for`() async throws {
        let watched = Watched(0)
        try await withThrowingTaskGroup { group in
            for wanted in [3, 1, 2] {
                group.addTask {
                    let found = try await watched.first(what: "\(wanted)") { $0 >= wanted ? $0 : nil }
                    #expect(found >= wanted)
                }
            }
            for _ in 0..<3 { watched.update { $0 += 1 } }
            try await group.waitForAll()
        }
    }

    @Test func `A value that is there already is not waited for`() async throws {
        let watched = Watched("here")
        #expect(try await watched.first(within: .zero, what: "it") { $0 == "here" ? 5 : nil } == 5)
    }

    @Test func `A wait has an end`() async throws {
        let watched = Watched(0)
        let error = await #expect(throws: Overdue.self) {
            try await watched.first(within: .milliseconds(30), what: "it was \(watched.current)") {
                $0 > 0 ? true : nil
            }
        }
        #expect(error?.what == "it was 0")
        watched.update { $0 = 1 }
    }

    @Test func `A cancelled wait ends at once`() async throws {
        let watched = Watched(0)
        await withTaskGroup { group in
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await watched.first(within: .seconds(60), what: "it") { $0 > 0 ? true : nil }
                }
            }
            group.cancelAll()
        }
    }

    @Test func `What nothing announces is asked for until it holds`() async throws {
        var count = 0
        try await eventually("ten") {
            count += 1
            return count == 10
        }
        await #expect(throws: Overdue("never", limit: .milliseconds(10))) {
            try await eventually("never", within: .milliseconds(10)) { false }
        }
    }

    @Test func `A seed gives the same numbers again`() {
        var (first, second, other) = (Seed(9).generator, Seed(9).generator, Seed(10).generator)
        let numbers = (0..<5).map { _ in first.next() }
        #expect(numbers == (0..<5).map { _ in second.next() } && numbers != (0..<5).map { _ in other.next() })
    }
}
