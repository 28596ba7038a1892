import TestSupport
import Testing

@testable import Egress

@Suite struct TenureTests {
    private let clock = VirtualClock()

    @Test func `A tenure is over once its time to write has passed, and no refresh brings it back`() {
        let tenure = begun()
        #expect(!tenure.isOver)
        clock.move(to: 2.9)
        #expect(tenure.extend(to: clock.start + .seconds(4)))
        clock.move(to: 4)
        #expect(tenure.isOver)
        #expect(!tenure.extend(to: clock.start + .seconds(7)))
        #expect(tenure.isOver)
    }

    @Test func `Those who wait for the end hear the reason, and so do those who come later`() async {
        let tenure = begun()
        await withTaskGroup { group in
            for _ in 0..<3 { group.addTask { await tenure.ended() } }
            tenure.end(.stopped)
            for await end in group { #expect(end == .stopped) }
        }
        #expect(await tenure.ended() == .stopped)
        #expect(tenure.isOver)
    }

    @Test func `The first reason counts, but what is lost is lost, and is not written to any more`() async {
        let tenure = begun()
        tenure.end(.stopped)
        tenure.end(.handOver(to: WorkerID(host: "box")))
        #expect(await tenure.ended() == .stopped)
        #expect(tenure.writeBy == clock.start + .seconds(3))
        #expect(tenure.extend(to: clock.start + .seconds(4)))
        tenure.end(.lost)
        #expect(await tenure.ended() == .lost)
        #expect(tenure.writeBy <= clock.clock.now())
        #expect(!tenure.extend(to: clock.start + .seconds(9)))
    }

    @Test func `Who no longer waits is let go`() async {
        let tenure = begun()
        await withTaskGroup { group in
            group.addTask { await tenure.ended() }
            group.cancelAll()
            for await end in group { #expect(end == .stopped) }
        }
        #expect(!tenure.isOver)
    }

    @Test func `After hold has returned nothing is written`() {
        let tenure = begun()
        #expect(tenure.close() == nil)
        #expect(tenure.isOver && tenure.isClosed)
        #expect(tenure.writeBy <= clock.clock.now())
    }

    private func begun() -> Tenure {
        Tenure(writeBy: clock.start + .seconds(3), clock: clock.clock)
    }
}

@Suite struct BellTests {
    @Test func `A wait ends at its instant, at a ring, or at once after a ring that nobody heard`() async throws {
        let clock = VirtualClock()
        let bell = Bell()
        let waits = Watched(0)
        try await withThrowingTaskGroup { group in
            group.addTask {
                for second in 1...3 {
                    await bell.wait(until: clock.start + .seconds(second), on: clock.clock)
                    waits.update { $0 += 1 }
                }
            }
            try await clock.waitForSleeper(until: 1)
            clock.move(to: 1)
            try await clock.waitForSleeper(until: 2)
            #expect(waits.current == 1)
            bell.ring()
            try await clock.waitForSleeper(until: 3)
            #expect(waits.current == 2)
            bell.ring()
        }
        #expect(waits.current == 3)
        bell.ring()
        await bell.wait(until: clock.start + .seconds(1000), on: clock.clock)
    }

    @Test func `A wait that is cancelled ends`() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await Bell().wait(until: .now + .seconds(1000), on: .continuous) }
            group.cancelAll()
        }
    }
}
